import * as z from 'zod';
import { type ApiSettings, type ApiState, apiSettingsSchema } from '#shared/contract/api.ts';
import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import { inTurns } from '../platform/in-turn.ts';
import type { Logger } from '../platform/logger.ts';
import { type SiteSection, siteSection, written } from '../platform/site-section.ts';
import type { CancelTimer, Timers } from '../platform/timers.ts';
import { isLoopback, type ListenAddress, parseListen } from './address.ts';
import { createCounters } from './counters.ts';
import { createGate } from './gate.ts';
import { type OwnSources, ownExposition } from './own-metrics.ts';
import { createRoutes } from './routes.ts';
import type { ApiServer } from './server.ts';
import type { ApiSources } from './sources.ts';
import { MOST_QUERIES } from './status-endpoints.ts';
import { hashToken, newToken, SHORTEST_TOKEN } from './token.ts';

/** Named values that are kept; the site's settings. */
export type ApiStore = {
  readonly get: (name: string) => string | null;
  readonly set: (name: string, value: string) => void;
};

/** Where the command line wants the API, whatever the settings say: `HOST:PORT`, and the token to ask for. */
export type FixedListen = { readonly address: string; readonly token: string | null };

/** What the area is made of. */
export type HttpDeps = {
  readonly sources: ApiSources;
  readonly store: ApiStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly broadcast: Broadcast;
  /** The operating system's name of this machine. */
  readonly hostName: string;
};

/** The read-only HTTP API, switched on and off while the engine runs. */
export type HttpArea = {
  readonly handlers: AreaHandlers<'api'>;
  /** Counts a scrape for `/metrics`. */
  readonly countScrape: (scrape: {
    readonly durationMs: number;
    readonly samples: number | null;
    readonly error: AppError | null;
  }) => void;
  /**
   * Begins to listen: where the command line says, or where the settings say when they do.
   *
   * @returns why the command line's address cannot be used; a setting that cannot is tried again and shown
   */
  readonly start: (fixed: FixedListen | null) => Promise<Result<void>>;
  /** Why it does not listen though it should; null when it does, or is switched off. */
  readonly problem: () => AppError | null;
  /** Its part of the site document. */
  readonly sections: readonly SiteSection[];
  /** What `/metrics` answers, whether it listens or not. */
  readonly metrics: () => string;
  /** Base address while it listens, or null. */
  readonly url: () => string | null;
  readonly close: () => Promise<void>;
};

const NAME = 'api';
/** Behind Prometheus's own port, which may be taken on the same machine. */
const DEFAULTS: ApiSettings = { enabled: false, address: '127.0.0.1', port: 9091 };
const MOST_WAITING = 200;
const RETRY_MS = 30_000;

const storedSchema = z.object({
  settings: apiSettingsSchema,
  token: z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/), since: z.number() }).nullable(),
});
type Stored = z.infer<typeof storedSchema>;

function read(store: ApiStore): Stored {
  const text = store.get(NAME);
  const parsed = storedSchema.safeParse(text === null ? null : JSON.parse(text));
  return parsed.success ? parsed.data : { settings: DEFAULTS, token: null };
}

/** Makes the area. Nothing listens before `start`. */
export function createHttpArea(deps: HttpDeps): HttpArea {
  const { clock, store, logger } = deps;
  const counters = createCounters();
  const gate = createGate(MOST_QUERIES, MOST_WAITING);
  let stored = read(store);
  let server: ApiServer | null = null;
  let error: AppError | null = null;
  let isFixed = false;
  let closed = false;
  let isStarted = false;
  let cancelRetry: CancelTimer = () => undefined;
  /** One change at a time: two servers must not race for a port. */
  const inTurn = inTurns();

  const own: OwnSources = { sources: deps.sources, counters, gate, startedAt: clock.now() };
  const routes = createRoutes({
    ...own,
    timers: deps.timers,
    hostName: deps.hostName,
    listen: () => server?.url.slice('http://'.length) ?? '',
  });
  const state = (): ApiState => ({
    settings: stored.settings,
    url: server?.url ?? null,
    error,
    tokenSince: stored.token?.since ?? null,
    isFixed,
  });
  const listen = async (address: ListenAddress, tokenHash: string | null): Promise<Result<ApiServer>> => {
    // Loaded when it is needed: most consoles never serve, and all start faster without it.
    const { listenApi } = await import('./server.ts');
    return listenApi(address, tokenHash, { routes, counters, clock, logger });
  };

  const stop = async (): Promise<void> => {
    cancelRetry();
    const old = server;
    server = null;
    await old?.close();
  };
  /** Listens where `next` says; on failure nothing listens, and `error` says why. */
  const follow = async (next: Stored): Promise<AppError | null> => {
    await stop();
    error = null;
    if (!next.settings.enabled || closed) return null;
    const { address, port } = next.settings;
    const opened = await listen({ host: address, port }, next.token?.hash ?? null);
    if (opened.ok) {
      server = opened.value;
      logger.log('info', 'the HTTP API listens', { url: server.url, guarded: server.guarded });
    } else error = opened.error;
    return error;
  };
  const retryLater = (): void => {
    cancelRetry = deps.timers.after(RETRY_MS, () => {
      void inTurn(async () => {
        if (closed || server !== null) return;
        if ((await follow(stored)) !== null) retryLater();
        deps.broadcast('api.changed', state());
      });
    });
  };
  /** Takes new settings over when they work; else goes back to the old ones, and says why. */
  const change = (plan: (old: Stored) => Result<Stored>): Promise<Result<ApiState>> =>
    inTurn(async () => {
      if (isFixed) return err(appError('API_FIXED'));
      const old = stored;
      const planned = plan(old);
      if (!planned.ok) return planned;
      const refused = await follow(planned.value);
      if (refused !== null) {
        if ((await follow(old)) !== null) retryLater();
        return err(refused);
      }
      stored = planned.value;
      store.set(NAME, JSON.stringify(stored));
      deps.broadcast('api.changed', state());
      return ok(state());
    });

  return {
    handlers: {
      'api.state': () => ok(state()),
      'api.set': (settings) => change((old) => planSettings(old, settings)),
      'api.newToken': async () => {
        const { token, hash } = newToken();
        const changed = await change((old) => ok({ ...old, token: { hash, since: clock.now() } }));
        return changed.ok ? ok({ token, state: changed.value }) : changed;
      },
      'api.removeToken': () =>
        change((old) =>
          isLoopback(old.settings.address)
            ? ok({ ...old, token: null })
            : err(appError('API_TOKEN_NEEDED', { address: old.settings.address })),
        ),
    },
    countScrape: counters.scrape,
    start: (fixed) =>
      inTurn(async () => {
        isStarted = true;
        if (fixed !== null) {
          const wanted = checkListen(fixed);
          if (!wanted.ok) return wanted;
          const opened = await listen(wanted.value, fixed.token === null ? null : hashToken(fixed.token));
          if (!opened.ok) return opened;
          isFixed = true;
          server = opened.value;
          return ok(undefined);
        }
        const failed = await follow(stored);
        if (failed !== null) {
          logger.log('warn', failed.message.en, { code: failed.code, detail: failed.detail });
          retryLater();
        }
        return ok(undefined);
      }),
    problem: () => error,
    sections: [
      siteSection({
        name: 'httpApi',
        most: 1,
        schema: apiSettingsSchema,
        key: () => 'api',
        read: () => [read(store).settings],
        put: (settings) => {
          // The token belongs to this console. Without one nothing but loopback is served, whatever a document says.
          const { token } = read(store);
          const isOpen = token === null && !isLoopback(settings.address);
          const kept: Stored = { token, settings: { ...settings, enabled: settings.enabled && !isOpen } };
          store.set(NAME, JSON.stringify(kept));
          return written;
        },
        warn: ({ address, enabled }) =>
          enabled && !isLoopback(address) && read(store).token === null
            ? [
                {
                  zh: `在 ${address} 上提供 HTTP 接口需要令牌：导入后接口保持关闭，请先生成令牌再打开`,
                  en: `the HTTP API on ${address} needs a token: it stays off until you make one and switch it on`,
                },
              ]
            : [],
        took: () =>
          inTurn(async () => {
            stored = read(store);
            // A command that ends soon serves nobody.
            if (isFixed || !isStarted) return;
            if ((await follow(stored)) !== null) retryLater();
            deps.broadcast('api.changed', state());
          }),
      }),
    ],
    metrics: () => ownExposition(own),
    url: () => server?.url ?? null,
    close: async () => {
      closed = true;
      await inTurn(stop);
    },
  };
}

/** Whether the command line's wish can be followed at all, asked before anything is opened. */
export function checkListen({ address, token }: FixedListen): Result<ListenAddress> {
  const parsed = parseListen(address);
  if (parsed === null) {
    const why = `not an address with a port: ${address}`;
    return err(appError('BAD_INPUT', { method: 'serve', field: '--listen', why }, { field: '--listen' }));
  }
  if (token === null && !isLoopback(parsed.host))
    return err(appError('API_TOKEN_NEEDED', { address: parsed.host }, { field: '--listen' }));
  const isUsable = token === null || (token.length >= SHORTEST_TOKEN && !/\s/.test(token));
  return isUsable ? ok(parsed) : err(appError('API_TOKEN_BAD', { least: SHORTEST_TOKEN }));
}

function planSettings(old: Stored, settings: ApiSettings): Result<Stored> {
  if (old.token === null && !isLoopback(settings.address))
    return err(appError('API_TOKEN_NEEDED', { address: settings.address }, { field: 'address' }));
  return ok({ ...old, settings });
}
