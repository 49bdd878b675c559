import type { LogOutput, LogOutputState, RefusedEvent } from '#shared/contract/logs-pipelines.ts';
import { type AppError, appError, describeThrown, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { HttpClient } from '../../platform/http/client.ts';
import { sleep, type Timers } from '../../platform/timers.ts';
import type { FormatSpec } from '../model.ts';
import { eventId } from '../model.ts';
import type { LineParser } from '../parse/parser.ts';
import type { Mask } from '../pipeline/mask.ts';
import { type Batch, batchesOf, type Item } from './batch.ts';
import { judgeBulk, pauseAfter } from './bulk.ts';
import { compileIndexName, documentOf, type IndexName } from './document.ts';
import { type Cursor, type DayProgress, NO_COUNTS, type OutputCounts, type OutputLedger } from './ledger.ts';
import type { UnsentLine, UnsentReader } from './reader.ts';
import { SearchServer } from './server.ts';

export type SenderDeps = {
  readonly reader: UnsentReader;
  readonly ledger: OutputLedger;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly timers: Timers;
  /** In [0, 1). */
  readonly random: () => number;
  readonly parserOf: (format: FormatSpec) => LineParser;
  /** The mask for what leaves the console. */
  readonly mask: () => Mask | null;
  readonly idleMs?: number;
};

const IDLE_MS = 1_000;
const AFTER_FAULT_MS = 10_000;
const RATE_MS = 10_000;

/**
 * Sends stored events to one server, batch by batch: the next one is read only when every event of the last has a final
 * answer. The day files are the queue, so a server may be away for as long as logs are kept.
 */
export class OutputSender {
  readonly id: string;
  readonly #output: LogOutput;
  readonly #deps: SenderDeps;
  readonly #server: SearchServer;
  readonly #indexName: IndexName;
  readonly #abort = new AbortController();
  #cursors: Map<string, number>;
  #days: Map<string, DayProgress>;
  #counts: OutputCounts;
  #paused: boolean;
  #failures = 0;
  #lastError: AppError | null = null;
  #nextAttemptAt: number | null = null;
  #oldest: number | null = null;
  #sentLately: { readonly at: number; readonly events: number }[] = [];
  #running: Promise<void> | null = null;
  #wake: () => void = () => undefined;

  constructor(id: string, output: LogOutput, paused: boolean, deps: SenderDeps) {
    this.id = id;
    this.#output = output;
    this.#deps = deps;
    this.#paused = paused;
    this.#server = new SearchServer(output, deps.http);
    const name = compileIndexName(output.index);
    // The engine checked it when the output was added.
    this.#indexName = typeof name === 'function' ? name : () => 'hmtt-logs';
    this.#cursors = deps.ledger.cursors(id);
    this.#days = deps.ledger.days(id);
    this.#counts = deps.ledger.counts(id) ?? NO_COUNTS;
  }

  start(): void {
    this.#running ??= this.#keepRunning();
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    this.#wake();
  }

  async close(): Promise<void> {
    this.#abort.abort();
    this.#wake();
    await this.#running;
  }

  state(): LogOutputState {
    const {
      lastRefusedAt: _refused,
      lastRefusedWhy: _why,
      lastGivenUpAt: _givenUp,
      ...counts
    } = this.#counts;
    const now = this.#deps.clock.monotonic();
    this.#sentLately = this.#sentLately.filter(({ at }) => now - at <= RATE_MS);
    const waiting = [...this.#days.values()].reduce(
      (sum, { events, done }) => sum + Math.max(0, events - done),
      0,
    );
    return {
      id: this.id,
      output: this.#output,
      state:
        this.#running === null
          ? 'stopped'
          : this.#paused
            ? 'paused'
            : this.#failures > 0
              ? 'retrying'
              : 'sending',
      backlogEvents: waiting,
      backlogSince: waiting > 0 ? this.#oldest : null,
      eventsPerSecond: this.#sentLately.reduce((sum, { events }) => sum + events, 0) / (RATE_MS / 1000),
      lastError: this.#lastError ?? this.marks.refusal,
      nextAttemptAt: this.#nextAttemptAt,
      ...counts,
    };
  }

  /** When events were last refused, and last given up; for alerts. */
  get marks(): {
    readonly refusedAt: number | null;
    readonly refusal: AppError | null;
    readonly givenUpAt: number | null;
  } {
    const { lastRefusedAt, lastRefusedWhy, lastGivenUpAt, eventsRefused: count } = this.#counts;
    const { name } = this.#output;
    const refusal =
      lastRefusedWhy === null
        ? null
        : appError('LOG_OUTPUT_EVENTS_REFUSED', { name, count, why: lastRefusedWhy });
    return { refusedAt: lastRefusedAt, refusal, givenUpAt: lastGivenUpAt };
  }

  async #keepRunning(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      try {
        await this.#run();
      } catch (thrown) {
        // Closing ends every wait by throwing.
        if (this.#abort.signal.aborted) return;
        this.#failures += 1;
        this.#lastError = appError('LOG_OUTPUT_STUCK', {
          name: this.#output.name,
          why: describeThrown(thrown),
        });
        await this.#sleep(AFTER_FAULT_MS);
      }
    }
  }

  async #run(): Promise<void> {
    if (this.#deps.ledger.counts(this.id) === null) this.#begin();
    while (!this.#abort.signal.aborted) {
      if (this.#paused) {
        await this.#sleep(IDLE_MS);
        continue;
      }
      this.#giveUpGone();
      let any = false;
      for (const batch of batchesOf(this.#unsent(), (line) => this.#item(line), this.#output)) {
        any = true;
        await this.#deliver(batch);
        if (this.#paused) break;
      }
      if (!any) {
        this.#oldest = null;
        await this.#sleep(this.#deps.idleMs ?? IDLE_MS);
      }
    }
  }

  /** The first run of an output: from now on, or from the beginning. */
  #begin(): void {
    const cursors: Cursor[] = [];
    if (this.#output.from === 'now')
      for (const day of this.#deps.reader.days()) {
        const facts = value(this.#deps.reader.facts(day));
        for (const key of facts?.keys ?? [])
          cursors.push({ day, key, offset: value(this.#deps.reader.end(day, key)) });
        if (facts !== null) this.#days.set(day, { events: facts.events, done: facts.events });
      }
    this.#settle(cursors, new Map(), []);
  }

  /** Events of day files that retention removed before they were sent are counted, and told of. */
  #giveUpGone(): void {
    const present = new Set(this.#deps.reader.days());
    for (const [day, { events, done }] of [...this.#days]) {
      if (present.has(day)) continue;
      const lost = Math.max(0, events - done);
      this.#days.delete(day);
      for (const key of [...this.#cursors.keys()]) if (key.startsWith(`${day} `)) this.#cursors.delete(key);
      value(this.#deps.ledger.forgetDay(this.id, day));
      if (lost === 0) continue;
      this.#counts = {
        ...this.#counts,
        eventsGivenUp: this.#counts.eventsGivenUp + lost,
        lastGivenUpAt: this.#deps.clock.now(),
      };
      this.#settle([], new Map(), []);
    }
  }

  /** Everything that is not sent yet, oldest day first. */
  *#unsent(): Generator<UnsentLine> {
    const { reader } = this.#deps;
    for (const day of reader.days()) {
      const facts = value(reader.facts(day));
      if (facts === null) continue;
      const before = this.#days.get(day) ?? { events: 0, done: 0 };
      if (before.done === facts.events) continue;
      this.#days.set(day, { events: facts.events, done: before.done });
      for (const key of facts.keys)
        for (const line of reader.lines(day, key, this.#cursors.get(`${day} ${key}`) ?? 0)) yield value(line);
    }
  }

  /** The document of a line; null when the line's stream is not sent. */
  #item({ day, key, line, origin }: UnsentLine): Item | null {
    const { streams } = this.#output;
    if (streams.length > 0 && !streams.includes(line.stream)) return null;
    const parser = this.#deps.parserOf(origin.format);
    const document = documentOf(line, origin, parser, this.#indexName, this.#deps.mask());
    return { document, eventId: eventId(day, key, line.offset) };
  }

  /** Brings every event of a batch to a final answer, however long that takes, and makes that durable. */
  async #deliver(batch: Batch): Promise<void> {
    this.#oldest = batch.items[0]?.document.time ?? this.#oldest;
    const refused: RefusedEvent[] = [];
    let sent = 0;
    let bytes = 0;
    let open: readonly (readonly Item[])[] = batch.items.length === 0 ? [] : [batch.items];
    while (open.length > 0) {
      const [part = [], ...rest] = open;
      const outcome = await this.#send(part);
      sent += outcome.taken.length;
      bytes += outcome.taken.reduce((sum, { document }) => sum + document.bytes, 0);
      refused.push(...outcome.refused);
      open = [...outcome.again.filter((again) => again.length > 0), ...rest];
      if (outcome.pause !== null) await this.#failed(outcome.pause);
      else this.#succeeded();
    }
    const now = this.#deps.clock.now();
    this.#counts = {
      ...this.#counts,
      eventsSent: this.#counts.eventsSent + sent,
      bytesSent: this.#counts.bytesSent + bytes,
      eventsRefused: this.#counts.eventsRefused + refused.length,
      ...(sent > 0 ? { lastSentAt: now } : {}),
      ...(refused.length > 0 ? { lastRefusedAt: now, lastRefusedWhy: refused.at(-1)?.why ?? '' } : {}),
    };
    this.#settle([...batch.cursors.values()], batch.passed, refused);
    this.#sentLately.push({ at: this.#deps.clock.monotonic(), events: sent });
  }

  /** One request: what was taken, what was refused for good, and what is to be sent again. */
  async #send(items: readonly Item[]): Promise<{
    readonly taken: readonly Item[];
    readonly refused: readonly RefusedEvent[];
    readonly again: readonly (readonly Item[])[];
    /** Why to wait before the next request; null: nothing failed. */
    readonly pause: AppError | null;
  }> {
    const { name } = this.#output;
    const text = items.map(({ document }) => document.text).join('');
    const answer = await this.#server.ask(
      'POST',
      '/_bulk',
      { text, type: 'application/x-ndjson' },
      this.#abort.signal,
    );
    this.#abort.signal.throwIfAborted();
    const nothing = { taken: [], refused: [], again: [items] };
    const url = answer.ok ? answer.value.url : this.#server.url;
    if (!answer.ok)
      return {
        ...nothing,
        pause: appError('LOG_OUTPUT_UNREACHABLE', { name, url, why: answer.error.message }),
      };
    const { status } = answer.value;
    const verdict = judgeBulk(
      status,
      answer.value.text,
      items.map(({ document }) => document),
    );
    if (verdict.kind === 'later') {
      const code = verdict.blocked ? 'LOG_OUTPUT_REFUSED' : 'LOG_OUTPUT_BUSY';
      return { ...nothing, pause: appError(code, { name, url, status, why: verdict.why }) };
    }
    if (verdict.kind === 'divide') {
      const [only] = items;
      if (items.length === 1 && only !== undefined)
        return { taken: [], refused: [this.#refusal(only, status, verdict.why)], again: [], pause: null };
      const half = Math.ceil(items.length / 2);
      return { ...nothing, again: [items.slice(0, half), items.slice(half)], pause: null };
    }
    const taken: Item[] = [];
    const refused: RefusedEvent[] = [];
    const again: Item[] = [];
    let why = '';
    for (const [index, item] of items.entries()) {
      const said = verdict.items[index];
      if (said === undefined || said.kind === 'later') {
        again.push(item);
        why = said?.why ?? why;
      } else if (said.kind === 'refused') refused.push(this.#refusal(item, said.status, said.why));
      else taken.push(item);
    }
    const pause = again.length === 0 ? null : appError('LOG_OUTPUT_BUSY', { name, url, status: 429, why });
    return { taken, refused, again: [again], pause };
  }

  #refusal({ document, eventId: id }: Item, status: number, why: string): RefusedEvent {
    return { eventId: id, index: document.index, at: this.#deps.clock.now(), status, why };
  }

  #settle(
    cursors: readonly Cursor[],
    passed: ReadonlyMap<string, number>,
    refused: readonly RefusedEvent[],
  ): void {
    const days = new Map<string, DayProgress>();
    for (const [day, count] of passed) {
      const before = this.#days.get(day) ?? { events: count, done: 0 };
      days.set(day, { events: Math.max(before.events, before.done + count), done: before.done + count });
    }
    const all = passed.size === 0 ? this.#days : days;
    value(this.#deps.ledger.settle(this.id, { cursors, days: all, refused, counts: this.#counts }));
    for (const { day, key, offset } of cursors) this.#cursors.set(`${day} ${key}`, offset);
    for (const [day, progress] of days) this.#days.set(day, progress);
  }

  #succeeded(): void {
    this.#failures = 0;
    this.#nextAttemptAt = null;
    this.#lastError = null;
  }

  async #failed(error: AppError): Promise<void> {
    this.#failures += 1;
    this.#lastError = error;
    this.#counts = { ...this.#counts, requestsFailed: this.#counts.requestsFailed + 1 };
    const pause = pauseAfter(this.#failures, this.#deps.random());
    this.#nextAttemptAt = this.#deps.clock.now() + pause;
    await this.#sleep(pause);
    this.#abort.signal.throwIfAborted();
  }

  async #sleep(ms: number): Promise<void> {
    const stop = new AbortController();
    this.#wake = () => stop.abort();
    this.#abort.signal.addEventListener('abort', this.#wake, { once: true });
    // Being woken is how the wait may end early.
    await sleep(this.#deps.timers, ms, stop.signal).catch(() => undefined);
    this.#abort.signal.removeEventListener('abort', this.#wake);
  }
}

/** The value of a result; its failure is thrown, and caught where the sender begins anew. */
function value<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.error.message.en);
}
