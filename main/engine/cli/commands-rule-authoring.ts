import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { Backtest, BacktestRule, StarterRule } from '#shared/contract/rules-authoring.ts';
import { appError } from '#shared/errors/index.ts';
import { formatDuration } from '#shared/units/duration.ts';
import type { RuleFileTexts } from './commands-rule-files.ts';
import type { CommandContext } from './context.ts';
import { table } from './output.ts';
import { CommandFailure } from './session.ts';

/** `rules backtest` and `rules starter`. */
export function ruleAuthoringCommands(rules: Command, context: CommandContext, texts: RuleFileTexts): void {
  backtestCommand(rules, context, texts);
  starterCommand(rules, context);
}

function backtestCommand(rules: Command, context: CommandContext, texts: RuleFileTexts): void {
  rules
    .command('backtest <file>')
    .description('what the rules of a file would have done over the stored past')
    .option('--from <time>', 'RFC 3339, unix seconds, or now-7d', 'now-1d')
    .option('--to <time>', 'as --from', 'now')
    .action(
      context.action(async (output, file: string, options: { from: string; to: string }) => {
        const from = context.time('--from', options.from);
        const to = context.time('--to', options.to);
        const text = texts.read(file);
        await context.withSession(output, async ({ client, call }) => {
          const stop = client.on('rules.backtest', ({ done, fired }) =>
            output.note(`${Math.round(done * 100)} %  ${fired}`),
          );
          const answer = await call('rules.backtest', { id: 'cli', subject: { text }, from, to });
          stop();
          const problems = answer.problems.map((problem) => texts.problem(file, problem));
          const { result } = answer;
          output.result(result ?? { problems }, () =>
            result === null ? problems.join('\n') : backtestText(result),
          );
          if (result === null)
            throw new CommandFailure(appError('RULES_INVALID', { count: problems.length }));
        });
      }),
    );
}

const at = (time: number): string => new Date(time).toISOString().replace('.000', '');

function backtestText({ from, to, until, steps, rules }: Backtest): string {
  const coarse = steps.filter(({ coarser }) => coarser);
  return [
    `${at(from)} – ${at(to)}`,
    ...(until < to ? [`stopped at ${at(until)}: its time was over`] : []),
    ...coarse.map(({ group, stepMs }) => `group ${group}: looked at every ${formatDuration(stepMs)}`),
    table([
      ['rule', 'fired', 'firing for', 'longest', 'only pending', 'series', 'failed'],
      ...rules.map((rule) => [
        rule.rule,
        String(rule.fired),
        formatDuration(rule.firingMs),
        formatDuration(rule.longestMs),
        String(rule.pendingOnly),
        String(rule.alertCount),
        rule.failures === 0 ? '' : `${rule.failures}: ${rule.lastFailure ?? ''}`,
      ]),
    ]),
    ...rules.filter(({ fired }) => fired > 0).map(spansText),
  ].join('\n\n');
}

/** When and for which series a rule would have fired. */
function spansText({ rule, alerts, alertCount }: BacktestRule): string {
  const rows = alerts.flatMap(({ labels, spans }) => {
    const where = Object.entries(labels)
      .filter(([name]) => name !== 'alertname' && name !== 'severity')
      .map(([name, value]) => `${name}=${value}`)
      .join(' ');
    return spans.flatMap(({ firedAt, endedAt }) =>
      firedAt === null ? [] : [[at(firedAt), endedAt === null ? '…' : at(endedAt), where]],
    );
  });
  const more = alertCount > alerts.length ? `\n… ${alertCount - alerts.length} more series` : '';
  return `${rule}\n${table([['fired', 'ended', 'series'], ...rows])}${more}`;
}

type StarterOptions = {
  readonly enable?: string[];
  readonly disable?: string[];
  readonly set?: Setting[];
  readonly write?: string;
};

type Setting = { readonly rule: string; readonly name: string; readonly value: number | null };

/** `RULE.NAME=NUMBER`; without a number, the console's own value. */
function settingOf(text: string, before: Setting[] | undefined): Setting[] {
  const match = /^(\w+)\.(\w+)=(-?\d+(?:\.\d+)?)?$/.exec(text);
  if (match === null) throw new InvalidArgumentError('RULE.NAME=NUMBER is expected.');
  const [, rule = '', name = '', number] = match;
  return [...(before ?? []), { rule, name, value: number === undefined ? null : Number(number) }];
}

function starterCommand(rules: Command, context: CommandContext): void {
  const collect = (name: string, before: string[] | undefined): string[] => [...(before ?? []), name];
  rules
    .command('starter')
    .description('the rules that the console brings along')
    .option('--enable <rule>', 'switch a rule on', collect)
    .option('--disable <rule>', 'switch a rule off', collect)
    .option(
      '--set <rule.name=number>',
      'change a threshold; without a number, back to the own one',
      settingOf,
    )
    .option('--write <folder>', 'write them as rule files')
    .action(
      context.action(async (output, options: StarterOptions) => {
        await context.withSession(output, async ({ call }) => {
          for (const rule of options.enable ?? []) await call('rules.starter.set', { rule, enabled: true });
          for (const rule of options.disable ?? []) await call('rules.starter.set', { rule, enabled: false });
          for (const { rule, name, value } of options.set ?? [])
            await call('rules.starter.set', { rule, values: { [name]: value } });
          if (options.write !== undefined) {
            const { files } = await call('rules.starter.files', {});
            mkdirSync(options.write, { recursive: true });
            for (const { name, text } of files) writeFileSync(join(options.write, basename(name)), text);
          }
          const { rules: all, removed } = await call('rules.starter.list', {});
          output.result({ rules: all, removed }, () => starterText(all, output.locale));
        });
      }),
    );
}

function starterText(rules: readonly StarterRule[], locale: 'zh' | 'en'): string {
  return table([
    ['rule', 'on', 'severity', 'thresholds', 'what'],
    ...rules.map(({ name, enabled, severity, values, title, change }) => [
      name,
      enabled ? 'yes' : 'no',
      severity,
      values
        .map(({ name: key, value, initial }) => `${key}=${value}${value === initial ? '' : ` (${initial})`}`)
        .join(' '),
      `${title[locale]}${change === null ? '' : ` [${change.kind}]`}`,
    ]),
  ]);
}
