import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { MOST_RULE_TEXT } from '#shared/contract/rules.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { filesOfPattern } from '../../platform/find-files.ts';
import type { ReadRules } from '../rules/rule-file.ts';
import type { SoundRuleFile } from './file-store.ts';

/** The files that `rule_files` of a prometheus.yml mean, all of them sound. */
export type FoundRuleFiles = {
  readonly files: readonly SoundRuleFile[];
  /** Patterns that no file matches; Prometheus takes them without a word. */
  readonly missing: readonly string[];
};

/** A pattern of a whole folder does not bring more. */
const MOST_FILES = 1000;

/**
 * Reads the rule files that a prometheus.yml names, whole or not at all.
 *
 * @param configFile where the prometheus.yml is; relative patterns are meant from its folder, and cannot be found when this is
 *   only a name
 * @returns FILE_UNREADABLE, or RULES_REFUSED with every mistake of every file in `detail`
 */
export async function findRuleFiles(
  patterns: readonly string[],
  configFile: string,
  check: (text: string) => Promise<ReadRules>,
): Promise<Result<FoundRuleFiles>> {
  const files: SoundRuleFile[] = [];
  const missing: string[] = [];
  const mistakes: { file: string; line: number; why: string }[] = [];
  const seen = new Set<string>();
  for (const pattern of patterns) {
    const findable = isAbsolute(pattern) || isAbsolute(configFile);
    const paths = findable ? filesOfPattern(resolve(dirname(configFile), pattern)) : [];
    if (paths.length === 0) missing.push(pattern);
    for (const name of paths) {
      if (seen.has(name)) continue;
      seen.add(name);
      if (seen.size > MOST_FILES)
        return err(appError('FILE_UNREADABLE', { file: pattern, why: `> ${MOST_FILES} files` }));
      const text = readText(name);
      if (!text.ok) return text;
      const read = await check(text.value);
      if (read.ok) files.push({ name, text: text.value, groups: read.groups });
      else
        for (const { line, group, rule, message } of read.problems) {
          const place = rule === undefined ? '' : `group "${group}", rule ${rule.number}, "${rule.name}": `;
          mistakes.push({ file: name, line, why: place + message });
        }
    }
  }
  const [first] = mistakes;
  if (first === undefined) return ok({ files, missing });
  const detail = mistakes.map(({ file, line, why }) => `${file}:${line}: ${why}`).join('\n');
  return err(appError('RULES_REFUSED', { ...first, count: mistakes.length }, { line: first.line, detail }));
}

function readText(file: string): Result<string> {
  try {
    if (statSync(file).size > MOST_RULE_TEXT)
      return err(appError('FILE_UNREADABLE', { file, why: '> 16 MiB' }));
    return ok(readFileSync(file, 'utf8'));
  } catch (thrown) {
    return err(appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) }));
  }
}
