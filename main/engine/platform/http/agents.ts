import type { LookupFunction } from 'node:net';
import { Agent } from 'undici';
import { ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../clock.ts';
import { NO_SECRETS, type SecretSource } from '../secrets.ts';
import type { Timers } from '../timers.ts';
import type { ConnectStep, TlsFailure } from './connect-failures.ts';
import { type ConnectObserver, createConnector } from './connector.ts';
import type { HttpTls } from './settings.ts';
import { loadTls, tlsKey } from './tls-options.ts';

/** The connections of one TLS configuration. */
export type HttpAgent = {
  readonly dispatcher: Agent;
  /** Where the connection attempts under way stand, by origin. */
  readonly underway: ReadonlyMap<string, ConnectStep>;
  /** What TLS said last on an established connection, by origin. */
  readonly lateFailures: ReadonlyMap<string, TlsFailure>;
};

/** Keeps one agent for each TLS configuration. */
export type Agents = {
  readonly get: (config: HttpTls) => Promise<Result<HttpAgent>>;
  /** An agent of its own that tells of its connection; the caller closes it. */
  readonly probe: (config: HttpTls, observe: ConnectObserver) => Promise<Result<HttpAgent>>;
  readonly close: () => Promise<void>;
};

/** What agents are made with. */
export type AgentsDeps = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly lookup: LookupFunction;
  readonly secrets?: SecretSource;
};

/** A request's own timeout is nearly always shorter; this bounds attempts whose request has gone. */
const CONNECT_TIMEOUT_MS = 30_000;
/** Longer than the usual interval, so that a target is not connected to anew for every scrape. */
const KEEP_ALIVE_MS = 75_000;
const CONNECTIONS_PER_ORIGIN = 4;
const LARGEST_HEADER = 64 * 1024;
/** An agent nobody asked for in this time is closed. */
const UNUSED_MS = 600_000;

type Entry = { readonly agent: HttpAgent; usedAt: number };

/** Makes the keeper of agents. */
export function createAgents(deps: AgentsDeps): Agents {
  const entries = new Map<string, Entry>();

  const make = async (config: HttpTls, observe?: ConnectObserver): Promise<Result<HttpAgent>> => {
    const tls = await loadTls(config.scheme === 'https' ? config.tls : undefined, deps.secrets ?? NO_SECRETS);
    if (!tls.ok) return tls;
    const underway = new Map<string, ConnectStep>();
    const lateFailures = new Map<string, TlsFailure>();
    const dispatcher = new Agent({
      connect: createConnector({
        ...deps,
        timeoutMs: CONNECT_TIMEOUT_MS,
        tls: tls.value,
        underway,
        lateFailures,
        ...(observe === undefined ? {} : { observe }),
      }),
      connections: CONNECTIONS_PER_ORIGIN,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: LARGEST_HEADER,
      // The whole request has one timeout of its own.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    return ok({ dispatcher, underway, lateFailures });
  };

  return {
    get: async (config) => {
      const key = await tlsKey(config.scheme === 'https' ? config.tls : undefined);
      const now = deps.clock.monotonic();
      const known = entries.get(key);
      if (known) {
        known.usedAt = now;
        return ok(known.agent);
      }
      const made = await make(config);
      if (!made.ok) return made;
      const raced = entries.get(key);
      if (raced) {
        void made.value.dispatcher.destroy();
        return ok(raced.agent);
      }
      for (const [old, entry] of entries) {
        if (now - entry.usedAt < UNUSED_MS) continue;
        entries.delete(old);
        void entry.agent.dispatcher.close();
      }
      entries.set(key, { agent: made.value, usedAt: now });
      return made;
    },
    probe: (config, observe) => make(config, observe),
    close: async () => {
      const all = [...entries.values()];
      entries.clear();
      await Promise.all(all.map((entry) => entry.agent.dispatcher.destroy()));
    },
  };
}
