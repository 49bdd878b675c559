import { compress } from 'snappyjs';
import type { RemoteEndpoint, RemoteState } from '#shared/contract/remote.ts';
import type { Labels } from '#shared/domain/labels.ts';
import { compileRelabel, type Relabel } from '#shared/domain/relabel/relabel.ts';
import { type AppError, appError, describeThrown, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { HttpClient } from '../platform/http/client.ts';
import type { Logger } from '../platform/logger.ts';
import { sleep, type Timers } from '../platform/timers.ts';
import { type Batch, isBefore, type Position } from './batch.ts';
import { backoff, judge } from './outcome.ts';
import type { Queue, QueueReader } from './queue.ts';
import { Rate } from './rate.ts';
import type { Progress, RemoteStore, StoredEndpoint } from './store.ts';
import { encodeLabels, encodeMetadata, encodeSamples, type Metadata, withExternal } from './write-request.ts';

export type SenderDeps = {
  readonly queue: Queue;
  readonly store: Pick<RemoteStore, 'save'>;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  /** In [0, 1); spreads the attempts of many consoles. */
  readonly random: () => number;
  /** What expositions last said about each metric. */
  readonly metadata: () => ReadonlyMap<string, Metadata>;
  /** Segments may have become free. */
  readonly advanced: () => void;
};

/** A series that the rules drop. */
const DROPPED = Symbol('dropped');
/** Answers of receivers are short; what is longer is not shown. */
const ANSWER_LIMIT = 16 * 1024;
const SHOWN_ANSWER = 300;
const AFTER_FAULT_MS = 30_000;
const METADATA_EVERY_MS = 60_000;
const METADATA_A_REQUEST = 500;
/** A single scrape may have more samples than a request should; beyond this it is cut all the same. */
const LARGEST_REQUEST = 50_000;
/** A refused request is divided down to this part of it, to save what a single bad sample would cost. */
const SMALLEST_PART = 1 / 16;

/** The address and headers of a remote write request. */
export function writeHeaders(): Readonly<Record<string, string>> {
  return {
    'content-encoding': 'snappy',
    'content-type': 'application/x-protobuf',
    'x-prometheus-remote-write-version': '0.1.0',
  };
}

/**
 * Sends the queue to one endpoint: one request at a time, so that the samples of a series arrive in their order.
 *
 * The cursor is durable and names the request under way; a request that has no answer when the engine dies is sent
 * again exactly as it was, so a receiver has either all of it already or nothing.
 */
export class EndpointSender implements QueueReader {
  readonly id: string;
  readonly #endpoint: RemoteEndpoint;
  readonly #deps: SenderDeps;
  readonly #coded = new WeakMap<Labels, Uint8Array | typeof DROPPED>();
  readonly #relabel: Relabel;
  readonly #external: readonly (readonly [string, string])[];
  readonly #abort = new AbortController();
  readonly #rate: Rate;
  readonly #toldMetadata = new Map<string, Metadata>();
  #progress: Progress;
  /** What is known but not saved: a cursor that only moved since. */
  #unsaved = false;
  #waiting: number;
  #oldest: number | null = null;
  #failures = 0;
  #lastError: AppError | null = null;
  #nextAttemptAt: number | null = null;
  #lastRefusal: { readonly at: number; readonly error: AppError } | null = null;
  #metadataAt = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | null = null;

  constructor({ id, endpoint, progress }: StoredEndpoint, deps: SenderDeps) {
    this.id = id;
    this.#endpoint = endpoint;
    this.#progress = progress;
    this.#deps = deps;
    this.#external = Object.entries(endpoint.externalLabels);
    this.#relabel = compileRelabel(endpoint.writeRelabel);
    this.#rate = new Rate(deps.clock.monotonic);
    this.#waiting = deps.queue.count(progress.position);
  }

  get name(): string {
    return this.#endpoint.name;
  }

  position(): Position {
    return this.#progress.position;
  }

  /** Samples that are not answered yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Begins to send. */
  start(): void {
    this.#running ??= this.#keepRunning();
  }

  /** Ends the request under way and waits for it. */
  async close(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  /** Samples were committed. */
  committed(samples: number): void {
    this.#waiting += samples;
  }

  giveUp(to: Position, samples: number): void {
    const { clock, logger } = this.#deps;
    logger.log('warn', 'samples were given up because the queue passed its bound', {
      endpoint: this.name,
      samples,
    });
    this.#waiting = Math.max(0, this.#waiting - samples);
    this.#progress = {
      ...this.#progress,
      position: to,
      underway: null,
      samplesGivenUp: this.#progress.samplesGivenUp + samples,
      lastGivenUpAt: clock.now(),
    };
    this.#save();
  }

  state(): RemoteState {
    const { position: _position, underway: _underway, ...counts } = this.#progress;
    return {
      id: this.id,
      endpoint: this.#endpoint,
      state: this.#running === null ? 'stopped' : this.#failures > 0 ? 'retrying' : 'sending',
      backlogSamples: this.#waiting,
      backlogSince: this.#waiting > 0 ? this.#oldest : null,
      samplesPerSecond: this.#rate.perSecond(),
      lastError: this.#lastError,
      nextAttemptAt: this.#nextAttemptAt,
      lastRefusal: this.#lastRefusal,
      ...counts,
    };
  }

  /** Begins again after what should not happen, such as a store that cannot be read; never gives up silently. */
  async #keepRunning(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      try {
        await this.#run();
      } catch (thrown) {
        // Closing ends every wait by throwing.
        if (this.#abort.signal.aborted) return;
        const error = appError('REMOTE_QUEUE_UNREADABLE', { why: describeThrown(thrown) });
        this.#deps.logger.log('error', error.message.en, { code: error.code, endpoint: this.name });
        this.#failures++;
        this.#lastError = error;
        await sleep(this.#deps.timers, AFTER_FAULT_MS, this.#abort.signal).catch(() => undefined);
      }
    }
  }

  async #run(): Promise<void> {
    const { queue, timers, advanced } = this.#deps;
    while (!this.#abort.signal.aborted) {
      const { position, underway } = this.#progress;
      const { batch, end } = queue.read(position, this.#endpoint.maxSamples, underway);
      if (batch.length === 0) {
        if (isBefore(position, end)) this.#moveTo(end, 0);
        if (this.#unsaved) this.#save();
        this.#oldest = null;
        await this.#tellMetadata();
        await sleep(timers, this.#endpoint.flushMs, this.#abort.signal);
        continue;
      }
      this.#oldest = batch.oldest();
      this.#progress = { ...this.#progress, underway: end };
      this.#save();
      await this.#deliver(batch, end, underway !== null);
      if (isBefore(this.#progress.position, end)) this.#moveTo(end, batch.length);
      advanced();
    }
  }

  #moveTo(end: Position, samples: number): void {
    this.#waiting = Math.max(0, this.#waiting - samples);
    this.#progress = { ...this.#progress, position: end, underway: null };
    this.#unsaved = true;
  }

  #save(): void {
    const saved = this.#deps.store.save(this.id, this.#progress);
    this.#unsaved = !saved.ok;
    if (!saved.ok)
      this.#deps.logger.log('warn', saved.error.message.en, { code: saved.error.code, endpoint: this.name });
  }

  /** Brings samples to an answer that is final, however long that takes. */
  async #deliver(batch: Batch, end: Position, repeated: boolean): Promise<void> {
    // A receiver takes a request whole or not at all, so what may be repeated is kept in one if at all possible.
    for (let from = 0; from < batch.length; from += LARGEST_REQUEST) {
      const part =
        batch.length <= LARGEST_REQUEST
          ? batch
          : batch.slice(from, Math.min(from + LARGEST_REQUEST, batch.length));
      await this.#deliverPart(part, end, repeated, Math.max(1, part.length * SMALLEST_PART));
    }
  }

  async #deliverPart(part: Batch, end: Position, repeated: boolean, smallest: number): Promise<void> {
    const { clock } = this.#deps;
    const body = encodeSamples(part, (labels) => this.#code(labels));
    if (body.length === 0) return;
    let mayHaveArrived = repeated;
    // Samples given up meanwhile are not worth another attempt.
    while (isBefore(this.#progress.position, end)) {
      const answer = await this.#post(body);
      this.#abort.signal.throwIfAborted();
      if (!answer.ok) {
        mayHaveArrived = true;
        await this.#failed(answer.error, null);
        continue;
      }
      const { status, retryAfter, text, bytes } = answer.value;
      const verdict = judge(status, retryAfter, text, clock.now());
      const params = { url: this.#endpoint.url, status, why: text.trim() || `HTTP ${status}` };
      if (verdict.kind === 'later') {
        mayHaveArrived = true;
        await this.#failed(appError('REMOTE_BUSY', params), verdict.waitMs);
        continue;
      }
      this.#failures = 0;
      this.#nextAttemptAt = null;
      if (verdict.kind === 'taken' || (verdict.alreadyThere && mayHaveArrived && part.length <= smallest)) {
        this.#sent(part.length, bytes);
        return;
      }
      if (verdict.divisible && part.length > smallest) {
        const half = Math.ceil(part.length / 2);
        await this.#deliverPart(part.slice(0, half), end, mayHaveArrived, smallest);
        await this.#deliverPart(part.slice(half, part.length), end, mayHaveArrived, smallest);
        return;
      }
      this.#refused(part.length, appError('REMOTE_REFUSED', params));
      return;
    }
  }

  #sent(samples: number, bytes: number): void {
    this.#lastError = null;
    this.#rate.add(samples);
    this.#progress = {
      ...this.#progress,
      samplesSent: this.#progress.samplesSent + samples,
      bytesSent: this.#progress.bytesSent + bytes,
      lastSentAt: this.#deps.clock.now(),
    };
  }

  #refused(samples: number, error: AppError): void {
    this.#deps.logger.log('warn', error.message.en, { code: error.code, endpoint: this.name, samples });
    this.#lastError = error;
    this.#lastRefusal = { at: this.#deps.clock.now(), error };
    this.#progress = { ...this.#progress, samplesRefused: this.#progress.samplesRefused + samples };
  }

  async #failed(error: AppError, asked: number | null): Promise<void> {
    const { clock, timers, random, logger } = this.#deps;
    if (this.#failures === 0) logger.log('warn', error.message.en, { code: error.code, endpoint: this.name });
    this.#failures++;
    this.#lastError = error;
    this.#progress = { ...this.#progress, requestsFailed: this.#progress.requestsFailed + 1 };
    const pause = Math.max(backoff(this.#failures, random()), asked ?? 0);
    this.#nextAttemptAt = clock.now() + pause;
    await sleep(timers, pause, this.#abort.signal);
  }

  async #post(
    body: Uint8Array,
  ): Promise<Result<{ status: number; retryAfter: string | null; text: string; bytes: number }>> {
    const compressed = compress(body);
    const answer = await this.#deps.http.call({
      server: this.#endpoint,
      url: new URL(this.#endpoint.url),
      method: 'POST',
      headers: writeHeaders(),
      body: compressed,
      limit: ANSWER_LIMIT,
      signal: this.#abort.signal,
    });
    if (!answer.ok)
      return {
        ok: false,
        error: appError('REMOTE_UNREACHABLE', { url: this.#endpoint.url, why: answer.error.message }),
      };
    const { status, retryAfter } = answer.value;
    const text = Buffer.from(answer.value.body).toString('utf8').slice(0, SHOWN_ANSWER);
    return { ok: true, value: { status, retryAfter, text, bytes: compressed.length } };
  }

  #code(labels: Labels): Uint8Array | null {
    let bytes = this.#coded.get(labels);
    if (bytes === undefined) {
      const sent = this.#relabel(withExternal(labels, this.#external));
      bytes = sent === null || sent.length === 0 ? DROPPED : encodeLabels(sent);
      this.#coded.set(labels, bytes);
    }
    return bytes === DROPPED ? null : bytes;
  }

  /** Tells what changed about metrics; receivers that do not care ignore it, so a failure is tried again later. */
  async #tellMetadata(): Promise<void> {
    const { clock, metadata } = this.#deps;
    if (clock.monotonic() - this.#metadataAt < METADATA_EVERY_MS) return;
    this.#metadataAt = clock.monotonic();
    const changed = [...metadata()].filter(([name, told]) => this.#toldMetadata.get(name) !== told);
    for (let from = 0; from < changed.length; from += METADATA_A_REQUEST) {
      const part = changed.slice(from, from + METADATA_A_REQUEST);
      const answer = await this.#post(encodeMetadata(part));
      if (!answer.ok || answer.value.status >= 300) return;
      for (const [name, told] of part) this.#toldMetadata.set(name, told);
    }
  }
}
