import { basename } from 'node:path';
import type { Handlers, RequestOutput } from '#shared/contract/index.ts';
import { anyGlob } from '#shared/domain/glob.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import { checkRules, type RuleGroup, type RuleProblem, readRuleTests, testRules } from './rule-tools.ts';

type Answer = RequestOutput<'rules.test'>;

/** The rule files that the console knows. */
export type KnownFiles = {
  readonly list: () => ReturnType<Handlers['rules.files.list']>;
  readonly get: (name: string) => ReturnType<Handlers['rules.files.get']>;
};

/**
 * Runs a test file over texts that are not kept yet, and over files that the console knows. A pattern of `rule_files` means a file
 * by its whole name or by the last part of it, because the page has no folder that paths could begin from.
 */
export async function testOnPage(
  { text, files }: Parameters<Handlers['rules.test']>[0],
  known: KnownFiles,
): Promise<Result<Answer>> {
  const parsed = readRuleTests(text);
  if (!parsed.ok) return ok({ problems: named('', parsed.problems), failures: [], rules: 0 });
  const texts = await textsOf(files, known);
  if (!texts.ok) return texts;
  const problems: Answer['problems'] = [];
  const groups: RuleGroup[] = [];
  for (const pattern of parsed.file.ruleFiles) {
    const found = [...texts.value].filter(([name]) => isMeant(pattern, name));
    if (found.length === 0) problems.push({ file: '', line: 1, message: `no file match pattern ${pattern}` });
    for (const [name, rules] of found) {
      const read = checkRules(rules);
      if (read.ok) groups.push(...read.groups);
      else problems.push(...named(name, read.problems));
    }
  }
  if (problems.length > 0) return ok({ problems, failures: [], rules: 0 });
  const rules = groups.reduce((sum, group) => sum + group.rules.length, 0);
  return ok({ problems, failures: [...(await testRules(parsed.file, groups))], rules });
}

async function textsOf(
  files: readonly { readonly name: string; readonly text: string }[],
  known: KnownFiles,
): Promise<Result<ReadonlyMap<string, string>>> {
  const listed = await known.list();
  if (!listed.ok) return listed;
  const texts = new Map<string, string>();
  for (const { name } of listed.value.files) {
    const got = await known.get(name);
    if (got.ok) texts.set(name, got.value.text);
  }
  // What is being written stands for the file of that name.
  for (const { name, text } of files) texts.set(name, text);
  return ok(texts);
}

function isMeant(pattern: string, name: string): boolean {
  if (pattern === name || pattern === basename(name)) return true;
  const matches = anyGlob([basename(pattern)]);
  return matches(basename(name));
}

function named(file: string, problems: readonly RuleProblem[]): Answer['problems'] {
  return problems.map((problem) => ({ ...problem, file }));
}
