import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { LiveGroup } from '#shared/contract/rules.ts';
import { appError } from '#shared/errors/index.ts';
import { formatDuration } from '#shared/units/duration.ts';
import type { CommandContext } from './context.ts';
import { table } from './output.ts';
import { CommandFailure } from './session.ts';

/** How the commands around rule files read one and show what is wrong with it. */
export type RuleFileTexts = {
  /** Reads a file, or ends the command. */
  readonly read: (file: string) => string;
  readonly problem: (
    file: string,
    problem: {
      readonly line: number;
      readonly group?: string | undefined;
      readonly rule?: { readonly number: number; readonly name: string } | undefined;
      readonly message: string;
    },
  ) => string;
};

/** `rules add`, `list`, `remove` and `groups`: the rule files that the console runs. */
export function ruleFileCommands(rules: Command, context: CommandContext, texts: RuleFileTexts): void {
  rules
    .command('add <file...>')
    .description('run rule files; one that is known by its path is replaced')
    .option('--disabled', 'keep them, but do not run them')
    .action(
      context.action(async (output, files: string[], options: { disabled?: boolean }) => {
        await context.withSession(output, async ({ call }) => {
          const problems: string[] = [];
          const read = files.map((file) => ({ name: resolve(file), text: texts.read(file) }));
          // All of them are looked at before the first is taken.
          for (const file of read) {
            const checked = await call('rules.files.put', { ...file, dryRun: true });
            problems.push(...checked.problems.map((problem) => texts.problem(file.name, problem)));
          }
          if (problems.length > 0) {
            output.result({ problems }, () => problems.join('\n'));
            throw new CommandFailure(appError('RULES_INVALID', { count: problems.length }));
          }
          for (const file of read)
            await call('rules.files.put', { ...file, enabled: options.disabled !== true });
          output.result({ added: read.map(({ name }) => name) }, () =>
            read.map(({ name }) => name).join('\n'),
          );
        });
      }),
    );
  rules
    .command('list')
    .description('the rule files that the console knows')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          const { files } = await call('rules.files.list', {});
          output.result({ files }, () =>
            table([
              ['file', 'enabled', 'groups', 'rules'],
              ...files.map(({ name, enabled, groups }) => [
                name,
                enabled ? 'yes' : 'no',
                String(groups.length),
                String(groups.reduce((sum, group) => sum + group.rules.length, 0)),
              ]),
            ]),
          );
        });
      }),
    );
  rules
    .command('remove <file>')
    .description('run a rule file no longer; its series end')
    .action(
      context.action(async (output, file: string) => {
        await context.withSession(output, async ({ call }) => {
          const { files } = await call('rules.files.list', {});
          const name = files.some((each) => each.name === file) ? file : resolve(file);
          output.result(await call('rules.files.remove', { name }), () => name);
        });
      }),
    );
  rules
    .command('groups')
    .description('every group with the health of its rules and their alerts')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          const { groups } = await call('rules.groups', {});
          output.result({ groups }, () =>
            table([
              ['group', 'interval', 'rule', 'health', 'state', 'alerts', 'error'],
              ...groups.flatMap(ruleRows),
            ]),
          );
        });
      }),
    );
}

function ruleRows({ name, intervalMs, rules }: LiveGroup): string[][] {
  return rules.map((rule) => [
    name,
    formatDuration(intervalMs),
    rule.name,
    rule.health,
    rule.kind === 'recording' ? '' : rule.state,
    String(rule.alerts.length),
    rule.lastError ?? '',
  ]);
}
