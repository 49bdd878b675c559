import type { Socket } from 'node:net';
import type { Expectation } from '#shared/contract/checks.ts';
import { appError } from '#shared/errors/index.ts';
import { single } from '../workstation/families.ts';
import { type CheckProbe, failed, type ProbeDeps } from './check-probe.ts';
import { openConnection, tlsFamilies, tlsMeasures } from './connection.ts';
import { unmet } from './expectations.ts';
import { cut } from './steps.ts';

const LONGEST_BANNER = 64 * 1024;
/** How often a banner that grows is looked at again: a peer that drips bytes must not cost a search for each. */
const LOOK_EVERY_MS = 50;

const ESCAPES: Readonly<Record<string, string>> = { '\\r': '\r', '\\n': '\n', '\\t': '\t', '\\\\': '\\' };
const unescapeText = (text: string): string => text.replace(/\\[rnt\\]/g, (pair) => ESCAPES[pair] ?? pair);

/** Opens a connection, secured or not, says something, and looks at what the other side says first. */
export function createTcpCheck(deps: ProbeDeps): CheckProbe<'tcp'> {
  return async ({ what, timeoutMs, signal, steps }) => {
    const opened = await openConnection({ ...what, timeoutMs, signal, steps }, deps);
    if (!opened.ok) return failed(opened.error);
    const { socket, tls, ms } = opened.value;
    const found = {
      measures: { connect_seconds: ms.connect / 1000, ...tlsMeasures(tls, deps.clock.now()) },
      families: [
        single(
          'probe_dns_lookup_time_seconds',
          'Time taken to look the name up in seconds.',
          ms.resolve / 1000,
        ),
        ...tlsFamilies(tls),
      ],
    };
    try {
      if (what.send !== '') socket.write(unescapeText(what.send));
      if (what.expect.length === 0)
        return { error: null, sentence: { zh: '端口有应答', en: 'the port answers' }, ...found };
      const end = steps.begin({ zh: '读取应答', en: 'read what it says' });
      const { text, error } = await listen(socket, what.expect, signal, deps);
      end(error === null, JSON.stringify(cut(text, 500)));
      return {
        error,
        sentence: error?.message ?? { zh: cut(text.trim(), 100), en: cut(text.trim(), 100) },
        ...found,
        families: [
          ...found.families,
          single(
            'probe_failed_due_to_regex',
            'Indicates if probe failed due to regex.',
            error === null ? 0 : 1,
          ),
        ],
        output: text,
      };
    } finally {
      socket.destroy();
    }
  };
}

/** Reads until every expectation is met, the other side has ended, or time or space are used up. */
function listen(
  socket: Socket,
  expectations: readonly Expectation[],
  signal: AbortSignal,
  { timers }: Pick<ProbeDeps, 'timers'>,
) {
  return new Promise<{ text: string; error: Awaited<ReturnType<typeof unmet>> }>((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let isLooking = false;
    let isOver = false;
    let cancel: (() => void) | null = null;
    const text = (): string => Buffer.concat(chunks).subarray(0, LONGEST_BANNER).toString('utf8');
    const look = async (isLast: boolean): Promise<void> => {
      cancel?.();
      cancel = null;
      if (isOver || (isLooking && !isLast)) return;
      isLooking = true;
      const heard = text();
      const error = await unmet(heard, expectations);
      isLooking = false;
      if (isOver || (error !== null && !isLast)) return;
      isOver = true;
      signal.removeEventListener('abort', onEnd);
      resolve({ text: heard, error: error ?? null });
    };
    const onEnd = (): void => {
      look(true).catch(() => resolve({ text: text(), error: appError('CANCELLED') }));
    };
    signal.addEventListener('abort', onEnd, { once: true });
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= LONGEST_BANNER) {
        socket.pause();
        onEnd();
      } else cancel ??= timers.after(bytes === chunk.length ? 0 : LOOK_EVERY_MS, () => void look(false));
    });
    socket.once('end', onEnd);
    socket.once('close', onEnd);
    if (signal.aborted) onEnd();
  });
}
