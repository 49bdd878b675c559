import type { LogSilence } from '#shared/contract/signals.ts';
import { appError } from '#shared/errors/index.ts';
import { formatDuration, parseDuration } from '#shared/units/duration.ts';
import { type Output, table } from './output.ts';
import { CommandFailure, EXIT, type Session } from './session.ts';

/** Sets after how much silence of a source people are told. */
export async function setSilence(session: Session, source: string, text: string): Promise<void> {
  const sourceId = (await sourcesOf(session, source))[0]?.id ?? source;
  await session.call('signals.logSilence.set', { sourceId, setting: readSetting(text) });
}

/** Shows the setting of one source, or of all, with what it comes to now. */
export async function showSilence(session: Session, output: Output, source?: string): Promise<void> {
  const named = await sourcesOf(session, source);
  const { sources } = await session.call('signals.logSilence.list', {});
  const rows = named.flatMap(({ id, name }) => {
    const known = sources.find(({ sourceId }) => sourceId === id);
    return known === undefined ? [] : [{ ...known, name }];
  });
  output.result({ sources: rows }, () =>
    table([
      ['source', 'setting', 'alert after', 'last line'],
      ...rows.map(({ name, setting, afterMs, lastLineAt }) => [
        name,
        setting.kind === 'after' ? formatDuration(setting.ms) : setting.kind,
        afterMs === null ? '-' : formatDuration(afterMs),
        lastLineAt === null ? '-' : new Date(lastLineAt).toISOString(),
      ]),
    ]),
  );
}

/** The sources of a name or id; all without one. NOT_FOUND when there is none. */
async function sourcesOf(
  session: Session,
  source: string | undefined,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const { sources } = await session.call('logs.sources.list', {});
  const found = sources.filter(({ id, name }) => source === undefined || source === id || source === name);
  if (found.length === 0 && source !== undefined)
    throw new CommandFailure(appError('NOT_FOUND', { what: 'log source', id: source }));
  return found;
}

function readSetting(text: string): LogSilence {
  if (text === 'auto' || text === 'never') return { kind: text };
  const ms = parseDuration(text);
  if (ms === null)
    throw new CommandFailure(
      appError('BAD_INPUT', {
        method: 'logs silence',
        field: 'setting',
        why: `not auto, never or a time: ${text}`,
      }),
      EXIT.usage,
    );
  return { kind: 'after', ms };
}
