import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { anyGlob } from '#shared/domain/glob.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { checkRules, type RuleGroup, readRuleTests, testRules } from '../rule-tools.ts';
import { ruleAuthoringCommands } from './commands-rule-authoring.ts';
import { type RuleFileTexts, ruleFileCommands } from './commands-rule-files.ts';
import type { CommandContext } from './context.ts';
import { CommandFailure } from './session.ts';

const MAX_FILE_BYTES = 16 << 20;

type Checked = { readonly file: string; readonly rules: number; readonly problems: readonly string[] };

/** `rules check` and `rules test`: promtool's files, without an engine; and the commands around those that run. */
export function rulesCommands(program: Command, context: CommandContext): void {
  const rules = program.command('rules').description('check, test and run rule files of Prometheus');
  const texts = { read: readOrFail, problem: problemText };
  ruleFileCommands(rules, context, texts);
  ruleAuthoringCommands(rules, context, texts);
  rules
    .command('check <file...>')
    .description('whether rule files can be used: expressions, templates, durations, names')
    .action(
      context.action(async (output, files: string[]) => {
        const checked = files.map(check);
        output.result({ files: checked }, () => checked.map(checkedText).join('\n\n'));
        refuse(checked.flatMap((each) => each.problems).length, 'RULES_INVALID');
      }),
    );
  rules
    .command('test <file...>')
    .description("run test files in promtool's form, in virtual time")
    .action(
      context.action(async (output, files: string[]) => {
        const tested: { file: string; failures: readonly string[] }[] = [];
        for (const file of files) tested.push({ file, failures: await test(file) });
        output.result({ files: tested }, () => tested.map(testedText).join('\n\n'));
        refuse(tested.flatMap((each) => each.failures).length, 'RULE_TESTS_FAILED');
      }),
    );
}

function refuse(count: number, code: 'RULES_INVALID' | 'RULE_TESTS_FAILED'): void {
  if (count > 0) throw new CommandFailure(appError(code, { count }));
}

function read(file: string): Result<string> {
  try {
    if (statSync(file).size > MAX_FILE_BYTES)
      return err(appError('FILE_UNREADABLE', { file, why: '> 16 MiB' }));
    return ok(readFileSync(file, 'utf8'));
  } catch (thrown) {
    return err(appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) }));
  }
}

function readOrFail(file: string): string {
  const text = read(file);
  if (!text.ok) throw new CommandFailure(text.error);
  return text.value;
}

function check(file: string): Checked {
  const result = checkRules(readOrFail(file));
  if (result.ok) return { file, rules: countOf(result.groups), problems: [] };
  return { file, rules: 0, problems: result.problems.map((problem) => problemText(file, problem)) };
}

const countOf = (groups: readonly RuleGroup[]): number =>
  groups.reduce((sum, { rules }) => sum + rules.length, 0);

/** A problem as promtool writes it, with its line. */
const problemText: RuleFileTexts['problem'] = (file, { line, group, rule, message }) => {
  const place =
    rule === undefined
      ? ''
      : ` group ${JSON.stringify(group)}, rule ${rule.number}, ${JSON.stringify(rule.name)}:`;
  return `${file}:${line}:${place} ${message}`;
};

function checkedText({ file, rules, problems }: Checked): string {
  return problems.length === 0
    ? `Checking ${file}\n  SUCCESS: ${rules} rules found`
    : `Checking ${file}\n  FAILED:\n${problems.join('\n')}`;
}

function testedText({
  file,
  failures,
}: {
  readonly file: string;
  readonly failures: readonly string[];
}): string {
  return failures.length === 0
    ? `Unit Testing:  ${file}\n  SUCCESS`
    : `Unit Testing:  ${file}\n  FAILED:\n${failures.join('\n')}`;
}

async function test(file: string): Promise<readonly string[]> {
  const parsed = readRuleTests(readOrFail(file));
  if (!parsed.ok) return parsed.problems.map((problem) => problemText(file, problem));
  const groups: RuleGroup[] = [];
  const problems: string[] = [];
  for (const pattern of parsed.file.ruleFiles) {
    const found = filesOf(resolve(dirname(file), pattern));
    if (found.length === 0) problems.push(`  no file match pattern ${pattern}`);
    for (const each of found) {
      const result = checkRules(readOrFail(each));
      if (result.ok) groups.push(...result.groups);
      else problems.push(...result.problems.map((problem) => problemText(each, problem)));
    }
  }
  return problems.length > 0 ? problems : testRules(parsed.file, groups);
}

/** The files of a path whose last name may be a pattern. */
function filesOf(path: string): readonly string[] {
  if (!/[*?[]/.test(basename(path))) return [path];
  const matches = anyGlob([basename(path)]);
  try {
    return readdirSync(dirname(path))
      .filter((name) => matches(name))
      .sort()
      .map((name) => join(dirname(path), name));
  } catch {
    // A folder that is not there has no files, as with promtool.
    return [];
  }
}
