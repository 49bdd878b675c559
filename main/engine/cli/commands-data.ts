import type { Command } from 'commander';
import { appError } from '#shared/errors/index.ts';
import { parseDuration } from '#shared/units/duration.ts';
import { logPipelineCommands } from './commands-log-pipelines.ts';
import { logRetentionCommands } from './commands-log-retention.ts';
import { logSourceCommands } from './commands-log-sources.ts';
import { logSearchCommands } from './commands-logs-search.ts';
import { rotationCommands } from './commands-rotation.ts';
import type { CommandContext } from './context.ts';
import { setSilence, showSilence } from './log-silence.ts';
import { CommandFailure, EXIT } from './session.ts';

/** `query` and `logs …`. */
export function dataCommands(program: Command, context: CommandContext): void {
  program
    .command('query <expr>')
    .description("PromQL; the result is the `data` member of Prometheus's API")
    .option('--time <t>', 'RFC 3339, unix seconds, or now-2h; now when left out')
    .option('--start <t>', 'begin of a range')
    .option('--end <t>', 'end of a range; now when left out')
    .option('--step <d>', 'time between two values of a range, such as 15s')
    .action(
      context.action(async (output, expr: string, options: QueryOptions) => {
        await context.withSession(output, async ({ call }) => {
          const data =
            options.start === undefined
              ? await call('metrics.query', {
                  expr,
                  ...(options.time === undefined ? {} : { time: context.time('--time', options.time) }),
                })
              : await call('metrics.queryRange', {
                  expr,
                  start: context.time('--start', options.start),
                  end: context.time('--end', options.end ?? 'now'),
                  stepMs: step(options.step ?? '15s'),
                });
          output.result(data, () => JSON.stringify(data, null, 2));
        });
      }),
    );

  const logs = program.command('logs').description('collect, search and follow logs');
  logSourceCommands(logs, context);
  logs
    .command('sync')
    .description('read what is there now, once, and return when it is searchable')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          const read = await call('logs.sync', {});
          output.result(read, () => `${read.lines} lines, ${read.bytes} bytes, ${read.files} files`);
        });
      }),
    );
  logs
    .command('silence [source] [setting]')
    .description('after how much silence of a source to alert: auto, never, or a time such as 2h')
    .action(
      context.action(async (output, source?: string, setting?: string) => {
        await context.withSession(output, async (session) => {
          if (source !== undefined && setting !== undefined) await setSilence(session, source, setting);
          await showSilence(session, output, source);
        });
      }),
    );
  logSearchCommands(logs, context);
  rotationCommands(logs, context);
  logRetentionCommands(logs, context);
  logPipelineCommands(logs, context);
  logs
    .command('tail [query]')
    .description('follow new lines until Ctrl-C')
    .action(
      context.action(async (output, query: string | undefined) => {
        await context.withSession(output, async ({ call, client }) => {
          const { tailId } = await call('logs.tail.start', { query: query ?? '' });
          client.on('logs.tail', (tail) => {
            if (tail.tailId !== tailId) return;
            for (const event of tail.events)
              context.stdout(output.json ? `${JSON.stringify(event)}\n` : `${event.raw}\n`);
            if (tail.skipped > 0) output.note(`… ${tail.skipped}`);
          });
          await new Promise<void>((resolve) => process.once('SIGINT', () => resolve()));
        });
      }),
    );
}

type QueryOptions = { time?: string; start?: string; end?: string; step?: string };

function step(text: string): number {
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : parseDuration(text);
  if (ms === null || ms <= 0) {
    throw new CommandFailure(
      appError('BAD_INPUT', { method: 'query', field: '--step', why: `not a duration: ${text}` }),
      EXIT.usage,
    );
  }
  return ms;
}
