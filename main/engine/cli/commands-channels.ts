import type { Command } from 'commander';
import { appError, type Locale } from '#shared/errors/index.ts';
import type { CommandContext } from './context.ts';
import { table } from './output.ts';
import { CommandFailure } from './session.ts';

/** `channels list`, `channels test`, `channels queue`, `on-call`. */
export function channelCommands(program: Command, context: CommandContext): void {
  const channels = program.command('channels').description('ways to tell people about alerts');
  channels
    .command('list')
    .description('every channel, and how it does')
    .action(
      context.action(async (output) => {
        await context.withSession(output, async ({ call }) => {
          const { channels: all } = await call('channels.health', {});
          output.result({ channels: all }, () =>
            table([
              ['state', 'name', 'type', 'queued', 'lost', 'last delivered', 'error'],
              ...all.map((one) => [
                ...[one.state, one.name, one.type, String(one.queued), String(one.failed + one.dropped)],
                timeText(one.lastSuccessAt),
                one.lastError?.message[output.locale] ?? '',
              ]),
            ]),
          );
        });
      }),
    );
  channels
    .command('test <name>')
    .description('send a test now, and say what the other side answered')
    .option('--to <address>', 'to whom, e.g. an e-mail address; else the first of the channel’s own')
    .action(
      context.action(async (output, name: string, options: { readonly to?: string }) => {
        await context.withSession(output, async ({ call }) => {
          const { channels: all } = await call('channels.list', {});
          const channel = all.find((one) => one.name === name || one.id === name);
          if (channel === undefined)
            throw new CommandFailure(appError('NOT_FOUND', { what: 'channel', id: name }));
          const { settings } = channel;
          const first = settings.type === 'smtp' ? settings.to[0] : undefined;
          const answer = await call('channels.test', { settings, to: options.to ?? first ?? null });
          output.result(
            answer,
            () => `${wordOf(answer.ok, output.locale)} (${Math.round(answer.tookMs)} ms) ${answer.answer}`,
          );
          if (answer.error !== null) throw new CommandFailure(answer.error);
        });
      }),
    );
  channels
    .command('queue')
    .description('notices that wait, or with --ended what became of them')
    .option('--ended', 'what became of those that wait no more')
    .action(
      context.action(async (output, options: { readonly ended?: boolean }) => {
        await context.withSession(output, async ({ call }) => {
          const queue = await call('channels.queue', { which: options.ended === true ? 'ended' : 'waiting' });
          output.result(queue, () =>
            table([
              ['made', 'state', 'channel', 'to', 'attempts', 'notice', 'error'],
              ...queue.entries.map((entry) => [
                ...[timeText(entry.enqueuedAt), entry.state, entry.channelName, entry.recipient.to ?? ''],
                ...[String(entry.attempts), entry.title[output.locale]],
                entry.error?.message[output.locale] ?? '',
              ]),
            ]),
          );
        });
      }),
    );
  program
    .command('on-call')
    .description('who is on call by each rota, now or at a time')
    .option('--at <t>', 'RFC 3339, unix seconds, or now-2h')
    .action(
      context.action(async (output, options: { readonly at?: string }) => {
        await context.withSession(output, async ({ call }) => {
          const answer = await call('shifts.onCall', {
            ...(options.at === undefined ? {} : { at: context.time('--at', options.at) }),
          });
          output.result(answer, () =>
            table([
              ['rota', 'on call', 'until', 'then'],
              ...answer.rotas.map(({ name, contacts, now, next }) => [
                name,
                contacts
                  .map((one) => (one.phone === '' ? one.name : `${one.name} ${one.phone}`))
                  .join(', ') || '-',
                timeText(now.to),
                next.people.join(', ') || '-',
              ]),
            ]),
          );
        });
      }),
    );
}

function timeText(at: number | null): string {
  return at === null ? '-' : new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

function wordOf(ok: boolean, locale: Locale): string {
  if (locale === 'zh') return ok ? '已送达' : '没有送达';
  return ok ? 'delivered' : 'not delivered';
}
