import { readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { RequestInput } from '#shared/contract/index.ts';
import type { ImportRemark } from '#shared/contract/notify.ts';
import type { Matcher } from '#shared/contract/notify-config.ts';
import { readMatchers, showMatchers } from '#shared/domain/alert-matchers.ts';
import { appError, describeThrown } from '#shared/errors/index.ts';
import { parseDuration } from '#shared/units/duration.ts';
import type { CommandContext } from './context.ts';
import { type Output, table } from './output.ts';
import { CommandFailure, EXIT } from './session.ts';

/** `alerts` with its subcommands, `silence`, `import alertmanager`. */
export function alertCommands(program: Command, imports: Command, context: CommandContext): void {
  const alerts = program
    .command('alerts')
    .description('what is wrong now, and what was')
    .option('--state <state>', 'firing or all', 'all')
    .action(
      context.action(async (output, options: { state: string }) => {
        await context.withSession(output, async ({ call }) => {
          const { alerts: listed } = await call('alerts.list', {
            state: options.state as 'firing',
            limit: 5000,
          });
          output.result({ alerts: listed }, () =>
            table([
              ['severity', 'since', 'until', 'alert', 'id'],
              ...listed.map((alert) => [
                alert.severity,
                iso(alert.since),
                alert.until === null ? '' : iso(alert.until),
                alert.sentence[output.locale],
                alert.id,
              ]),
            ]),
          );
        });
      }),
    );
  whyCommand(alerts, context);
  acknowledgeCommands(alerts, context);
  historyCommands(alerts, context);
  silenceCommands(program, context);
  importCommand(imports, context);
}

const iso = (at: number): string => new Date(at).toISOString();

function whyCommand(alerts: Command, context: CommandContext): void {
  alerts
    .command('why <id>')
    .description('the story of one alert: why somebody was told, or why nobody was')
    .action(
      context.action(async (output, id: string) => {
        await context.withSession(output, async ({ call }) => {
          const story = await call('notify.why', { id });
          output.result(story, () =>
            [
              story.verdict[output.locale],
              ...story.entries.map(({ at, kind, text }) => `${iso(at)}  ${kind}  ${text[output.locale]}`),
            ].join('\n'),
          );
        });
      }),
    );
  alerts
    .command('route <label=value...>')
    .description('which routes an alert with these labels would take, and what would suppress it now')
    .action(
      context.action(async (output, pairs: string[]) => {
        const labels = Object.fromEntries(
          pairs.map((pair) => {
            const at = pair.indexOf('=');
            if (at <= 0) throw usage('label=value', pair);
            return [pair.slice(0, at), pair.slice(at + 1)];
          }),
        );
        await context.withSession(output, async ({ call }) => {
          const tested = await call('notify.config.test', { labels });
          output.result(tested, () =>
            [
              ...tested.routes.map(({ receiver, mutedBy }) =>
                mutedBy === null ? receiver : `${receiver} (muted: ${mutedBy})`,
              ),
              ...tested.suppressedBy.map(({ text }) => text[output.locale]),
            ].join('\n'),
          );
        });
      }),
    );
}

function acknowledgeCommands(alerts: Command, context: CommandContext): void {
  alerts
    .command('ack <id...>')
    .description('somebody is on it: no more notices until it ends')
    .option('--by <name>', 'who', userName())
    .option('--note <text>', 'what is being done', '')
    .option('--remind <duration>', 'remind after so long, and again')
    .action(
      context.action(
        async (output, ids: string[], options: { by: string; note: string; remind?: string }) => {
          const remindAfterMs = options.remind === undefined ? null : duration('--remind', options.remind);
          await context.withSession(output, async ({ call }) => {
            const { by, note } = options;
            const done = await call('notify.acknowledge', { ids, by, note, remindAfterMs });
            report(output, done, ids, done.acknowledged);
          });
        },
      ),
    );
  alerts
    .command('unack <id...>')
    .description('take acknowledgements back')
    .option('--by <name>', 'who', userName())
    .action(
      context.action(async (output, ids: string[], options: { by: string }) => {
        await context.withSession(output, async ({ call }) => {
          const done = await call('notify.unacknowledge', { ids, by: options.by });
          report(output, done, ids, done.unacknowledged);
        });
      }),
    );
}

/** Says to which alerts something was done; that some are not open is a failure. */
function report(output: Output, document: unknown, ids: readonly string[], done: readonly string[]): void {
  output.result(document, () => done.join('\n'));
  const missing = ids.filter((id) => !done.includes(id));
  if (missing.length > 0)
    throw new CommandFailure(appError('NOT_FOUND', { what: 'open alert', id: missing.join(', ') }));
}

function historyCommands(alerts: Command, context: CommandContext): void {
  alerts
    .command('history')
    .description('alerts of a span of time, as CSV or one JSON document a line')
    .option('--from <time>', 'begin', 'now-30d')
    .option('--to <time>', 'end', 'now')
    .option('--match <matchers>', 'e.g. host="app-1"', '')
    .option('--format <format>', 'csv or ndjson', 'csv')
    .option('--out <file>', 'write a file instead of standard output')
    .action(
      context.action(
        async (
          output,
          options: { from: string; to: string; match: string; format: string; out?: string },
        ) => {
          const input: RequestInput<'notify.history.export'> = {
            from: context.time('--from', options.from),
            to: context.time('--to', options.to),
            matchers: [...matchersOf([options.match])],
            // The engine validates the format by the contract and refuses an unknown one by name.
            format: options.format as 'csv',
            locale: output.locale,
          };
          await context.withSession(output, async ({ call }) => {
            const { text, rows, total } = await call('notify.history.export', input);
            if (options.out === undefined) context.stdout(text);
            else writeFileSync(resolve(options.out), text);
            output.note(`${rows} of ${total} alerts`);
          });
        },
      ),
    );
}

function silenceCommands(program: Command, context: CommandContext): void {
  const silence = program.command('silence').description('hide alerts for a while, and see what is hidden');
  silence
    .command('add <matcher...>')
    .description('e.g. silence add host=db-1 --for 2h --comment "disk swap"')
    .requiredOption('--comment <text>', 'why')
    .option('--for <duration>', 'how long', '2h')
    .option('--by <name>', 'who', userName())
    .action(
      context.action(
        async (output, texts: string[], options: { comment: string; for: string; by: string }) => {
          const { comment, by } = options;
          const endsAt = Date.now() + duration('--for', options.for);
          const matchers = [...matchersOf(texts)];
          await context.withSession(output, async ({ call }) => {
            const { silence: made } = await call('notify.silences.create', { matchers, endsAt, by, comment });
            output.result({ silence: made }, () => made.id);
            output.note(`hides ${made.hides} open alerts until ${iso(made.endsAt)}`);
          });
        },
      ),
    );
  silence
    .command('list')
    .description('silences that have not ended')
    .option('--all', 'those that have, too')
    .action(
      context.action(async (output, options: { all?: boolean }) => {
        await context.withSession(output, async ({ call }) => {
          const listed = await call('notify.silences.list', { ended: options.all === true });
          output.result(listed, () =>
            table([
              ['state', 'matchers', 'until', 'by', 'hides', 'comment', 'id'],
              ...listed.silences.map((each) => [
                each.state,
                showMatchers(each.matchers),
                iso(each.endsAt),
                each.by,
                String(each.hides),
                each.comment,
                each.id,
              ]),
            ]),
          );
        });
      }),
    );
  silence
    .command('expire <id>')
    .description('end a silence now')
    .option('--by <name>', 'who', userName())
    .action(
      context.action(async (output, id: string, options: { by: string }) => {
        await context.withSession(output, async ({ call }) => {
          const ended = await call('notify.silences.expire', { id, by: options.by });
          output.result(ended, () => ended.silence.id);
        });
      }),
    );
}

function importCommand(imports: Command, context: CommandContext): void {
  imports
    .command('alertmanager <file>')
    .description('routes, receivers, inhibition and time intervals of an alertmanager.yml')
    .option('--dry-run', 'say what would happen, change nothing')
    .action(
      context.action(async (output, file: string, options: { dryRun?: boolean }) => {
        const text = readText(file);
        await context.withSession(output, async ({ call }) => {
          const read = await call('notify.config.import', {
            fileName: resolve(file),
            text,
            dryRun: options.dryRun === true,
          });
          const line = ({ line: at, text: why }: ImportRemark): string =>
            `${file}:${at}: ${why[output.locale]}`;
          output.result(read, () =>
            [
              ...read.problems.map(line),
              ...read.leftOut.map(line),
              ...read.channels.map(({ receiver, kind, name }) => `${receiver}: ${kind} (${name})`),
              ...(read.config === null ? [] : [`${read.config.receivers.length} receivers`]),
            ].join('\n'),
          );
          if (read.config === null)
            throw new CommandFailure(appError('NOTIFY_IMPORT_WRONG', { count: read.problems.length }));
        });
      }),
    );
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the user database has a number only.
    return 'hmtt';
  }
}

function usage(field: string, text: string): CommandFailure {
  return new CommandFailure(appError('BAD_INPUT', { method: field, field, why: text }), EXIT.usage);
}

function duration(option: string, text: string): number {
  const ms = parseDuration(text);
  if (ms === null || ms === 0) throw usage(option, `not a duration: ${text}`);
  return ms;
}

function matchersOf(texts: readonly string[]): readonly Matcher[] {
  return texts.flatMap((text) => {
    const read = readMatchers(text);
    if ('wrong' in read)
      throw new CommandFailure(appError('NOTIFY_MATCHER', { text, why: read.wrong }), EXIT.usage);
    return read;
  });
}

/** Reads a file named on the command line, or ends the command with FILE_UNREADABLE. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new CommandFailure(appError('FILE_UNREADABLE', { file, why: describeThrown(thrown) }));
  }
}
