import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { SettingsOf } from '#shared/contract/channel-settings.ts';
import { appError, describeThrown } from '#shared/errors/index.ts';
import { loadTls } from '../../platform/http/tls-options.ts';
import type { SecretSource } from '../../platform/secrets.ts';
import type { Timers } from '../../platform/timers.ts';
import { later, type Sender, type SendOutcome } from '../sender.ts';
import { DATAGRAM_BYTES, framed, STREAM_BYTES, type SyslogOrigin, syslogMessages } from './syslog-message.ts';

/** How long the receiver of a stream has to close its end after ours; what it has not refused by then, it has. */
const LINGER_MS = 2_000;

/**
 * Writes messages of RFC 5424 to a receiver. A datagram (RFC 5426) is gone when it is sent: nobody says whether it came. A
 * stream (RFC 6587, TLS: RFC 5425) says so only as far as the receiver's system took it before the connection ended.
 */
export function syslogSender(origin: SyslogOrigin, secrets: SecretSource, timers: Timers): Sender<'syslog'> {
  return {
    send: async (settings, { notice }, signal) => {
      const longest = settings.transport === 'udp' ? DATAGRAM_BYTES : STREAM_BYTES;
      const messages = syslogMessages(notice, settings, origin, longest);
      if (settings.transport === 'udp') return sendDatagrams(settings, messages, timers, signal);
      const bytes = Buffer.concat(messages.map(framed));
      return sendStream({ settings, bytes, count: messages.length, secrets, timers, signal });
    },
  };
}

type Settings = SettingsOf<'syslog'>;

const where = ({ transport, host, port }: Settings): string => `${transport}://${host}:${port}`;

/** Runs an attempt that ends once: by itself, by the clock, or by the signal. */
function attempt(
  settings: Settings,
  timers: Timers,
  signal: AbortSignal,
  work: (settle: (outcome: SendOutcome) => void, fail: (thrown: unknown, tls: boolean) => void) => () => void,
): Promise<SendOutcome> {
  return new Promise((resolve) => {
    let isSettled = false;
    let cleanUp: () => void = () => undefined;
    const settle = (outcome: SendOutcome): void => {
      if (isSettled) return;
      isSettled = true;
      cancelTimer();
      signal.removeEventListener('abort', onAbort);
      cleanUp();
      resolve(outcome);
    };
    const fail = (thrown: unknown, tls: boolean): void => {
      const why = describeThrown(thrown);
      settle(
        later(appError(tls ? 'CHANNEL_TLS' : 'CHANNEL_UNREACHABLE', { where: where(settings), why }), why),
      );
    };
    const onAbort = (): void => settle(later(appError('CANCELLED')));
    const cancelTimer = timers.after(settings.timeoutMs, () => {
      const seconds = settings.timeoutMs / 1000;
      settle(
        later(appError('CHANNEL_TIMEOUT', { where: where(settings), seconds, step: settings.transport })),
      );
    });
    signal.addEventListener('abort', onAbort, { once: true });
    cleanUp = work(settle, fail);
    if (isSettled) cleanUp();
    else if (signal.aborted) onAbort();
  });
}

function sendDatagrams(
  settings: Settings,
  messages: readonly Buffer[],
  timers: Timers,
  signal: AbortSignal,
): Promise<SendOutcome> {
  return attempt(settings, timers, signal, (settle, fail) => {
    let isOver = false;
    let close: () => void = () => undefined;
    lookup(settings.host, (error, address, family) => {
      if (isOver) return;
      if (error) {
        fail(error, false);
        return;
      }
      const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
      close = () => socket.close();
      socket.on('error', (thrown) => fail(thrown, false));
      // Connected, a refusal that the network tells of (ICMP) comes back as an error.
      socket.connect(settings.port, address, () => {
        const next = (index: number): void => {
          const message = messages[index];
          if (message === undefined) {
            const answer = `${messages.length} datagrams sent; syslog over UDP has no answer`;
            // A refusal of the receiver's system comes a moment later.
            timers.after(50, () => settle({ ok: true, answer }));
          } else
            socket.send(message, (thrown) => {
              if (thrown) fail(thrown, false);
              else next(index + 1);
            });
        };
        next(0);
      });
    });
    return () => {
      isOver = true;
      close();
    };
  });
}

async function sendStream(stream: {
  readonly settings: Settings;
  readonly bytes: Buffer;
  readonly count: number;
  readonly secrets: SecretSource;
  readonly timers: Timers;
  readonly signal: AbortSignal;
}): Promise<SendOutcome> {
  const { settings, bytes, count, secrets, timers, signal } = stream;
  const tls =
    settings.transport === 'tls'
      ? await loadTls(settings.tls ?? { insecureSkipVerify: false }, secrets)
      : null;
  if (tls?.ok === false)
    return later(
      appError('CHANNEL_TLS', { where: where(settings), why: tls.error.message }),
      tls.error.detail,
    );
  return attempt(settings, timers, signal, (settle, fail) => {
    const { host, port } = settings;
    const servername = settings.tls?.serverName ?? (isIP(host) === 0 ? host : undefined);
    const socket: Socket =
      tls === null
        ? connectTcp({ host, port })
        : connectTls({ ...tls.value, host, port, ...(servername === undefined ? {} : { servername }) });
    let written = false;
    let secured = false;
    socket.on('error', (thrown) => fail(thrown, tls !== null && !secured));
    socket.once(tls === null ? 'connect' : 'secureConnect', () => {
      secured = true;
      const peer = `${socket.remoteAddress ?? host}:${port}`;
      const done = (): void => settle({ ok: true, answer: `${count} messages taken by ${peer}` });
      socket.once('close', () => {
        if (written) done();
        else fail(new Error('the other side closed the connection'), false);
      });
      socket.resume();
      socket.end(bytes, () => {
        written = true;
        timers.after(LINGER_MS, done);
      });
    });
    return () => socket.destroy();
  });
}
