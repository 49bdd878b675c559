import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { CommandContext } from './context.ts';
import { table } from './output.ts';
import { count } from './rotation-options.ts';

/** Days; `default` takes a stream's own away. */
const daysOf = (text: string | undefined): number | null =>
  text === 'default' ? null : count('days', text ?? '');

type SetOptions = { readonly defaultDays?: string; readonly lockDays?: string };
type HoldOptions = {
  readonly why: string;
  readonly who: string;
  readonly until?: string;
  readonly clear?: true;
};

/** `logs retention …`: how long events stay in the log store, and legal holds of streams. */
export function logRetentionCommands(logs: Command, context: CommandContext): void {
  const retention = logs
    .command('retention')
    .description(
      'how long events stay in the log store, and legal holds, by stream; segments: `logs rotation`',
    );
  retention
    .command('list', { isDefault: true })
    .description('days and holds of all streams')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          const now = await call('rotation.retention.get', {});
          output.result(now, () => retentionTable(now));
        });
      }),
    );
  retention
    .command('set [stream] [days]')
    .description('days that a stream is kept ("" is the default stream; "default": as all others)')
    .option('--default-days <n>', 'for streams without days of their own')
    .option('--lock-days <n>', 'nothing younger is ever removed; 180 for MLPS; cannot be lowered')
    .action(
      context.action(
        async (output, stream: string | undefined, text: string | undefined, options: SetOptions) => {
          const { defaultDays, lockDays } = options;
          const change = {
            ...(stream === undefined ? {} : { streams: [{ stream, days: daysOf(text) }] }),
            ...(defaultDays === undefined ? {} : { defaultDays: count('--default-days', defaultDays) }),
            ...(lockDays === undefined ? {} : { lockDays: count('--lock-days', lockDays) }),
          };
          await context.withSession(output, async ({ call }) => {
            await call('rotation.retention.set', change);
            const now = await call('rotation.retention.get', {});
            output.result(now, () => retentionTable(now));
          });
        },
      ),
    );
  retention
    .command('hold <stream>')
    .description('set or lift a legal hold: nothing of the stream is removed')
    .requiredOption('--why <reason>', 'why it is set or lifted')
    .option('--who <name>', 'who asks for it', userInfo().username)
    .option('--until <t>', 'when it ends; without it, when it is lifted')
    .option('--clear', 'lift it')
    .action(
      context.action(async (output, stream: string, options: HoldOptions) => {
        const { who, why, until } = options;
        await context.withSession(output, async ({ call }) => {
          if (options.clear === true) await call('rotation.retention.release', { stream, who, why });
          else {
            const end = until === undefined ? null : context.time('--until', until);
            await call('rotation.retention.hold', { stream, who, why, until: end });
          }
          const now = await call('rotation.retention.get', {});
          output.result(now, () => retentionTable(now));
        });
      }),
    );
}

function retentionTable({ defaultDays, lockDays, streams }: RequestOutput<'rotation.retention.get'>): string {
  const shown = (hold: (typeof streams)[number]['hold']): string => {
    if (hold === null) return '';
    const end = hold.until === null ? '' : ` until ${new Date(hold.until).toISOString()}`;
    return `${hold.who}: ${hold.why}${end}`;
  };
  return [
    table([
      ['STREAM', 'DAYS', 'HOLD'],
      ['(all others)', String(defaultDays), ''],
      ...streams.map(({ stream, days: own, hold }) => [
        stream === '' ? '(default stream)' : stream,
        own === null ? `${defaultDays}` : String(own),
        shown(hold),
      ]),
    ]),
    `lock: ${lockDays} days`,
  ].join('\n');
}
