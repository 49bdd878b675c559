import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { LogEvent } from '#shared/contract/logs.ts';
import { appError } from '#shared/errors/index.ts';
import type { CommandContext } from './context.ts';
import { contextDocument, contextOfHits, contextText } from './log-context.ts';
import { table } from './output.ts';
import { CommandFailure, EXIT, type Session } from './session.ts';

/** Events fetched at once. */
const PAGE = 10_000;

type WindowOptions = { from?: string; to?: string };
type SearchOptions = WindowOptions & { limit: string; context: string; contextOf: string; count?: boolean };
type ExportOptions = WindowOptions & {
  out: string;
  format?: string;
  before: string;
  after: string;
  context?: string;
  order: string;
  overwrite?: boolean;
  unmasked?: boolean;
};

/** `logs search`, `logs count`, `logs fields`, `logs patterns`, `logs saved`, `logs export`: what asks the stored lines. */
export function logSearchCommands(logs: Command, context: CommandContext): void {
  const windowOf = (query: string | undefined, { from, to }: WindowOptions) => ({
    query: query ?? '',
    ...(from === undefined ? {} : { start: context.time('--from', from) }),
    ...(to === undefined ? {} : { end: context.time('--to', to) }),
  });
  logs
    .command('search [query]')
    .description('newest first (docs/log-search.md)')
    .option('--from <t>', 'RFC 3339, unix seconds, or now-2h')
    .option('--to <t>', 'as --from')
    .option('--limit <n>', 'how many are shown at most', '100')
    .option('--context <n>', 'lines of the same source around each hit', '0')
    .option(
      '--context-of <logs>',
      'of its own log, or by time of its host or of all logs: log, host, all',
      'log',
    )
    .option('--count', 'only how many')
    .action(
      context.action(async (output, query: string | undefined, options: SearchOptions) => {
        const window = windowOf(query, options);
        const around = wholeNumber('--context', options.context);
        const of = oneOf('--context-of', options.contextOf, ['log', 'host', 'all']);
        await context.withSession(output, async (session) => {
          if (options.count === true) {
            const { total } = await session.call('logs.count', window);
            output.result({ total }, () => String(total));
            return;
          }
          const found = await pages(session, window, wholeNumber('--limit', options.limit));
          const shown = found.events.length;
          const note =
            output.locale === 'zh'
              ? `显示 ${shown} 条，共 ${found.total} 条`
              : `showing ${shown} of ${found.total}`;
          if (around === 0) {
            output.result(found, () => found.events.map((event) => event.raw).join('\n'));
            output.note(note);
            return;
          }
          const context = await contextOfHits(session, found.events, around, of);
          output.result(contextDocument(found, context, of), () => contextText(context, of));
          output.note(note);
          const [unread] = context.unread;
          if (unread !== undefined) throw new CommandFailure(unread.error);
        });
      }),
    );
  logs
    .command('count [query]')
    .description('how many lines match')
    .option('--from <t>', 'RFC 3339, unix seconds, or now-2h')
    .option('--to <t>', 'as --from')
    .action(
      context.action(async (output, query: string | undefined, options: WindowOptions) => {
        await context.withSession(output, async ({ call }) => {
          const { total } = await call('logs.count', windowOf(query, options));
          output.result({ total }, () => String(total));
        });
      }),
    );
  logs
    .command('fields [query]')
    .description('values of the fields of all lines that match')
    .option('--from <t>', 'RFC 3339, unix seconds, or now-2h')
    .option('--to <t>', 'as --from')
    .option('--top <n>', 'values of each field', '10')
    .action(
      context.action(async (output, query: string | undefined, options: WindowOptions & { top: string }) => {
        await context.withSession(output, async ({ call }) => {
          const top = wholeNumber('--top', options.top);
          const found = await call('logs.fields', { ...windowOf(query, options), top });
          output.result(found, () =>
            table([
              ['field', 'count', 'distinct', 'top values'],
              ...found.fields.map((field) => [
                field.name,
                String(field.count),
                `${field.exact ? '' : '≥ '}${field.distinct}`,
                field.top.map(({ value, count }) => `${value} (${count})`).join(', '),
              ]),
            ]),
          );
        });
      }),
    );
  logs
    .command('patterns [query]')
    .description('kinds of lines, the most frequent first')
    .option('--from <t>', 'RFC 3339, unix seconds, or now-2h')
    .option('--to <t>', 'as --from')
    .option('--limit <n>', 'how many are shown at most', '50')
    .option('--new-since <t>', 'only kinds that were seen for the first time since then')
    .action(
      context.action(
        async (
          output,
          query: string | undefined,
          options: WindowOptions & { limit: string; newSince?: string },
        ) => {
          await context.withSession(output, async ({ call }) => {
            const found = await call('logs.patterns', {
              ...windowOf(query, options),
              limit: wholeNumber('--limit', options.limit),
              ...(options.newSince === undefined
                ? {}
                : { newSince: context.time('--new-since', options.newSince) }),
            });
            output.result(found, () =>
              table([
                ['count', 'template'],
                ...found.patterns.map(({ count, template }) => [String(count), template]),
              ]),
            );
          });
        },
      ),
    );
  logs
    .command('export [query]')
    .description('all lines that match, however many, into a file')
    .requiredOption('--out <file>', 'the file, or - for the output')
    .option('--format <format>', 'csv, ndjson or text; by default what the name of the file says, else text')
    .option('--from <t>', 'RFC 3339, unix seconds, or now-2h')
    .option('--to <t>', 'as --from')
    .option('--context <n>', 'lines of the same source around each hit')
    .option('--before <n>', 'lines before each hit', '0')
    .option('--after <n>', 'lines after each hit', '0')
    .option('--order <order>', 'newest or oldest first', 'newest')
    .option('--overwrite', 'replace a file that is there')
    .option('--unmasked', 'the plain text, whatever the masking rules for exports say')
    .action(
      context.action(async (output, query: string | undefined, options: ExportOptions) => {
        const window = windowOf(query, options);
        await context.withSession(output, async (session) => {
          const run = async (file: string): Promise<number> => {
            const { jobId } = await session.call('logs.export', {
              ...window,
              file,
              format: formatOf(options),
              overwrite: options.overwrite === true,
              before: wholeNumber('--before', options.context ?? options.before),
              after: wholeNumber('--after', options.context ?? options.after),
              masked: options.unmasked !== true,
              order: oneOf('--order', options.order, ['newest', 'oldest']),
            });
            return (await session.finish(jobId)).progress?.done ?? 0;
          };
          if (options.out === '-') {
            await exportThrough(context.stdout, run);
            return;
          }
          const file = resolve(options.out);
          const lines = await run(file);
          output.result({ file, lines }, () => file);
          output.note(output.locale === 'zh' ? `已导出 ${lines} 条` : `${lines} events exported`);
        });
      }),
    );
}

type Window = { readonly query: string; readonly start?: number; readonly end?: number };
type Found = { events: LogEvent[]; total: number; cursor: string | null; tookMs: number };

/** Fetches as many pages as the limit needs. */
async function pages({ call }: Session, window: Window, limit: number): Promise<Found> {
  let cursor: string | undefined;
  const found: Found = { events: [], total: 0, cursor: null, tookMs: 0 };
  do {
    const page = await call('logs.search', {
      ...window,
      limit: Math.max(1, Math.min(PAGE, limit - found.events.length)),
      ...(cursor === undefined ? {} : { cursor }),
    });
    found.events.push(...page.events);
    found.total = page.total;
    found.cursor = page.cursor;
    found.tookMs += page.tookMs;
    cursor = page.cursor ?? undefined;
  } while (cursor !== undefined && found.events.length < limit);
  return found;
}

/** Runs an export into a folder of its own and writes what is in it: masked and arranged as in any export. */
async function exportThrough(
  write: (text: string) => void,
  run: (file: string) => Promise<unknown>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hmtt-export-'));
  try {
    const file = join(folder, 'lines');
    await run(file);
    for await (const text of createReadStream(file, 'utf8')) write(String(text));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function formatOf({ format, out }: ExportOptions): 'csv' | 'ndjson' | 'text' {
  if (format !== undefined) return oneOf('--format', format, ['csv', 'ndjson', 'text']);
  if (out.endsWith('.csv')) return 'csv';
  return /\.(ndjson|jsonl|json)$/.test(out) ? 'ndjson' : 'text';
}

function oneOf<const T extends string>(option: string, value: string, values: readonly T[]): T {
  const found = values.find((one) => one === value);
  if (found !== undefined) return found;
  throw new CommandFailure(
    appError('BAD_INPUT', { method: 'logs', field: option, why: `not one of ${values.join(', ')}` }),
    EXIT.usage,
  );
}

function wholeNumber(option: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new CommandFailure(
    appError('BAD_INPUT', { method: 'logs', field: option, why: `not a number: ${text}` }),
    EXIT.usage,
  );
}
