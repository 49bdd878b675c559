import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { compress } from 'snappyjs';
import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import type { DataSource, RemoteEndpoint, RemoteStatus } from '#shared/contract/remote.ts';
import { labelsFromRecord } from '#shared/domain/labels.ts';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import { lazyHttpClient } from '../platform/http/lazy-client.ts';
import type { Logger } from '../platform/logger.ts';
import type { SecretStore } from '../platform/secrets.ts';
import type { SiteSection } from '../platform/site-section.ts';
import type { Timers } from '../platform/timers.ts';
import { judge } from './outcome.ts';
import { type CommitSource, Queue } from './queue.ts';
import { remoteSecrets } from './remote-secrets.ts';
import { SegmentFolder } from './segments.ts';
import { selfExposition } from './self-exposition.ts';
import { EndpointSender, writeHeaders } from './sender.ts';
import { remoteSections } from './site-sections.ts';
import { type MetricsAnswers, remoteAnswers } from './source/answers.ts';
import { clearStaged, hasStaged, readStaged, type StagingStore } from './staged.ts';
import { openRemoteStore, type StoredEndpoint } from './store.ts';
import { encodeOne, type Metadata } from './write-request.ts';

/** The commits of the series store, and being asked before they go. */
export type FollowedCommits = CommitSource & {
  readonly metadata: () => ReadonlyMap<string, Metadata>;
  readonly watch: (
    watcher: {
      readonly committed: (row: number, samples: number) => void;
      readonly release: (upTo: number, last: boolean) => number;
    } | null,
  ) => void;
};

export type RemoteDeps = {
  /** The folder `remote` of the data folder. */
  readonly folder: string;
  readonly commits: FollowedCommits;
  /** Keeps passwords, tokens and keys of endpoints and servers. */
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly broadcast: Broadcast;
  /** Where an import leaves what this area is to take over: values of console.db; without it there is no part of the site document. */
  readonly staging?: StagingStore;
  /** False: nothing is sent, but what waits is kept. */
  readonly sending: boolean;
  readonly random?: () => number;
};

/** Sending samples to other servers, and reading from one instead of the local store. */
export type RemoteArea = {
  readonly handlers: AreaHandlers<'remote'>;
  /** The handlers of `metrics` that the source setting governs: they ask the server, or the local ones. */
  readonly governed: (local: MetricsAnswers) => MetricsAnswers;
  /** Takes over `remote_write` entries of an imported prometheus.yml; known names are left as they are. */
  readonly adopt: (endpoints: readonly RemoteEndpoint[]) => Result<{ readonly added: readonly string[] }>;
  readonly status: () => RemoteStatus;
  /** Its part of the site document. */
  readonly sections: readonly SiteSection[];
  /** What is wrong now, for the operator. */
  readonly problems: () => readonly AppError[];
  /** Series about the sending, in the text format. */
  readonly exposition: () => string;
  readonly close: () => Promise<void>;
};

const TRIM_EVERY_MS = 30_000;
const PREPARE_EVERY_MS = 1_000;
/** Fewer samples than this never need a segment ahead of time. */
const MUCH_WAITS = 200_000;
/** A server that is away for less is not a problem yet. */
const PATIENCE_MS = 5 * 60_000;
/** A refusal and samples given up are told for so long. */
const TOLD_MS = 24 * 3_600_000;

/** Opens the area: the durable cursors, what waits, and a sender for each endpoint. */
export function createRemoteArea(deps: RemoteDeps): Result<RemoteArea> {
  const { folder, commits, clock, timers, logger, broadcast } = deps;
  mkdirSync(join(folder, 'queue'), { recursive: true, mode: 0o700 });
  const opened = openRemoteStore(join(folder, 'remote.db'));
  if (!opened.ok) return opened;
  const store = opened.value;
  const segments = new SegmentFolder(join(folder, 'queue'), logger);
  const http = lazyHttpClient({ clock, timers, secrets: deps.secrets });
  const secrets = remoteSecrets({ secrets: deps.secrets, store, logger });
  secrets.sealKept();
  let senders: readonly EndpointSender[] = [];
  let queueError: AppError | null = null;
  let limits = store.limits();
  let source = store.source();
  const stored = store.endpoints();
  const queueFailed = (error: AppError | null): void => {
    if (error !== null && queueError === null) logger.log('error', error.message.en, { code: error.code });
    queueError = error;
  };
  /** Turns what the file system or SQLite throws in the middle of the queue's upkeep into a problem for the operator. */
  const guarded = <T>(work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch (thrown) {
      queueFailed(appError('REMOTE_QUEUE_FAILED', { why: describeThrown(thrown) }));
      return otherwise;
    }
  };
  const queue = new Queue({
    commits,
    segments,
    readers: () => senders,
    lastKnownRow: Math.max(0, ...stored.map(({ progress }) => progress.position.row)),
    limits: () => limits,
    now: clock.now,
    failed: queueFailed,
  });
  const begin = (endpoint: StoredEndpoint): EndpointSender => {
    const sender = new EndpointSender(endpoint, {
      queue,
      store,
      http,
      clock,
      timers,
      logger,
      random: deps.random ?? Math.random,
      metadata: commits.metadata,
      advanced: () => queue.trim(),
    });
    senders = [...senders, sender];
    if (deps.sending) sender.start();
    return sender;
  };
  for (const endpoint of stored) begin(endpoint);
  queue.trim();
  commits.watch({
    committed: (_row, samples) => {
      for (const sender of senders) sender.committed(samples);
    },
    release: (upTo, last) => {
      // The head must be able to go on whatever happens here; rows that stay cost space, rows that go cost samples.
      return guarded(() => {
        const kept = queue.release(upTo, last);
        queue.trim();
        return kept;
      }, 0);
    },
  });
  const stopTrimming = timers.every(TRIM_EVERY_MS, () => guarded(() => queue.trim(), undefined));
  const stopPreparing = timers.every(PREPARE_EVERY_MS, () => {
    if (senders.some((sender) => sender.waiting > MUCH_WAITS)) guarded(() => queue.prepare(), undefined);
  });
  const answers = remoteAnswers({ http, clock });

  const status = (): RemoteStatus => ({
    endpoints: senders.map((sender) => sender.state()),
    limits,
    queueBytes: queue.bytes,
    source,
  });
  const changed = (): void => broadcast('remote.changed', { source });
  const add = (endpoint: RemoteEndpoint): Result<{ id: string }> => {
    if (senders.some(({ name }) => name === endpoint.name))
      return err(appError('REMOTE_NAME_TAKEN', { name: endpoint.name }, { field: 'name' }));
    const id = randomUUID();
    const sealed = secrets.sealEndpoint(id, endpoint);
    if (!sealed.ok) return sealed;
    const kept = store.add(id, sealed.value, queue.end());
    if (!kept.ok) return kept;
    begin(kept.value);
    changed();
    return ok({ id: kept.value.id });
  };
  /** Takes over what an import has staged; what was taken over before a power cut is taken over once more. */
  const takeStaged = async (): Promise<void> => {
    if (deps.staging === undefined) return;
    const staged = readStaged(deps.staging);
    for (const { id, endpoint } of staged.endpoints) {
      const sender = senders.find((one) => one.id === id);
      senders = senders.filter((one) => one !== sender);
      await sender?.close();
      const known = store.endpoints().find((one) => one.id === id);
      if (known !== undefined) store.change(id, endpoint);
      const kept = known === undefined ? store.add(id, endpoint, queue.end()) : ok({ ...known, endpoint });
      if (!kept.ok) throw new Error(kept.error.message.en);
      secrets.settleEndpoint(id, endpoint);
      begin({ ...kept.value, ...store.endpoints().find((one) => one.id === id), endpoint });
    }
    if (staged.limits !== null) {
      store.setLimits(staged.limits);
      limits = staged.limits;
    }
    if (staged.source !== null) {
      store.setSource(staged.source);
      secrets.settleSource(staged.source);
      source = staged.source;
    }
    clearStaged(deps.staging);
    queue.trim();
    changed();
  };
  if (deps.staging !== undefined && hasStaged(deps.staging))
    void takeStaged().catch((thrown: unknown) =>
      logger.log('error', 'imported remote writes were not taken over', { why: describeThrown(thrown) }),
    );
  const never = (): AbortSignal => new AbortController().signal;

  return ok({
    status,
    sections: deps.staging === undefined ? [] : remoteSections(store, deps.staging, takeStaged),
    governed: (local) => answers.governed(local, () => source),
    adopt: (endpoints) => {
      const added: string[] = [];
      for (const endpoint of endpoints) {
        if (senders.some(({ name }) => name === endpoint.name)) continue;
        const result = add(endpoint);
        if (!result.ok) return result;
        added.push(endpoint.name);
      }
      return ok({ added });
    },
    problems: () => [
      ...segments.problems,
      ...(queueError === null ? [] : [queueError]),
      ...senders.flatMap((sender) => problemsOf(sender, clock.now())),
    ],
    exposition: () => selfExposition(status(), clock.now()),
    handlers: {
      'remote.status': () => ok(status()),
      'remote.add': (endpoint) => add(endpoint),
      'remote.remove': async ({ id }) => {
        const sender = senders.find((one) => one.id === id);
        if (sender === undefined) return err(appError('NOT_FOUND', { what: 'remote write', id }));
        senders = senders.filter((one) => one !== sender);
        store.remove(id);
        secrets.forget(id);
        await sender.close();
        queue.trim();
        changed();
        return ok({});
      },
      'remote.testSend': async (endpoint, { signal }) => {
        const began = clock.monotonic();
        const body = encodeOne(
          'hmtt_remote_write_test',
          labelsFromRecord(endpoint.externalLabels),
          clock.now(),
          1,
        );
        const answer = await http.call({
          server: endpoint,
          url: new URL(endpoint.url),
          method: 'POST',
          headers: writeHeaders(),
          body: compress(body),
          limit: 16 * 1024,
          signal: signal ?? never(),
        });
        const { url } = endpoint;
        if (!answer.ok)
          return err(appError('REMOTE_UNREACHABLE', { url, why: answer.error.message }, { field: 'url' }));
        const text = Buffer.from(answer.value.body).toString('utf8').slice(0, 300).trim();
        const verdict = judge(answer.value.status, answer.value.retryAfter, text, clock.now());
        if (verdict.kind === 'taken')
          return ok({ tookMs: clock.monotonic() - began, status: answer.value.status });
        const code = verdict.kind === 'later' ? 'REMOTE_BUSY' : 'REMOTE_REFUSED';
        const why = text === '' ? `HTTP ${answer.value.status}` : text;
        return err(appError(code, { url, status: answer.value.status, why }));
      },
      'remote.setLimits': (next) => {
        store.setLimits(next);
        limits = next;
        queue.trim();
        changed();
        return ok({});
      },
      'remote.setSource': (next: DataSource) => {
        const sealed = secrets.sealSource(next);
        if (!sealed.ok) return sealed;
        store.setSource(sealed.value);
        secrets.settleSource(sealed.value);
        source = sealed.value;
        changed();
        return ok({});
      },
      'remote.testSource': (server, { signal }) => answers.test(server, signal),
    },
    close: async () => {
      stopTrimming();
      stopPreparing();
      commits.watch(null);
      await Promise.all(senders.map((sender) => sender.close()));
      await http.close();
      store.close();
    },
  });
}

function problemsOf(sender: EndpointSender, now: number): AppError[] {
  const state = sender.state();
  const found: AppError[] = [];
  const late = state.backlogSince !== null && now - state.backlogSince > PATIENCE_MS;
  if (state.state === 'retrying' && late && state.lastError !== null) found.push(state.lastError);
  if (state.lastRefusal !== null && now - state.lastRefusal.at < TOLD_MS) found.push(state.lastRefusal.error);
  if (state.lastGivenUpAt !== null && now - state.lastGivenUpAt < TOLD_MS)
    found.push(appError('REMOTE_GAVE_UP', { name: sender.name, count: state.samplesGivenUp }));
  return found;
}
