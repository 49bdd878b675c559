import { randomUUID } from 'node:crypto';
import type { AuditWay } from '#shared/contract/audit.ts';
import type { RequestName, RequestParams } from '#shared/contract/index.ts';
import type { Job } from '#shared/contract/jobs.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { NoteDeletion } from '../../platform/deletions.ts';
import type { Logger } from '../../platform/logger.ts';
import type { DocumentSigner } from '../../platform/signing.ts';
import type { CancelTimer, Timers } from '../../platform/timers.ts';
import { appendLines } from '../../storage/line-file.ts';
import { type ChainLine, type EntryBody, nextCheckpoint, nextLine } from './entry.ts';
import type { AuditRule } from './rule.ts';
import { AUDIT_RULES } from './rules/index.ts';
import type { AuditStore } from './store.ts';
import { askedOf, objectText } from './summary.ts';

/** What the trail is made with. */
export type TrailDeps = {
  readonly store: AuditStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly signer: () => DocumentSigner;
  /** A job as it is now. */
  readonly job: (id: string) => Job | undefined;
  /** Where checkpoints are written, too, so that a chain that is cut in the database is found. */
  readonly checkpointFile: string;
  /** The operating system's user, and this machine. */
  readonly user: string;
  readonly workstation: string;
  readonly version: string;
  /** False for a command that ends soon: it signs only what has waited long. */
  readonly watching: boolean;
};

/** A request that is being carried out. */
export type OpenRecord = {
  /** Writes its outcome; never throws. */
  readonly end: (result: Result<unknown>) => void;
};

/** The trail as the engine's other parts use it. */
export type AuditTrail = {
  /** Writes what is asked before it is done. @returns null for what is not recorded, or AUDIT_UNWRITABLE: it must not be done */
  readonly begin: <N extends RequestName>(
    action: N,
    params: RequestParams<N>,
    via: AuditWay,
  ) => Result<OpenRecord | null>;
  /** Notes a malformed request that would have been recorded; never throws. */
  readonly refused: (action: RequestName, field: string, via: AuditWay) => void;
  /** Notes what the engine deleted by itself; never throws. */
  readonly deleted: NoteDeletion;
  /** Hears of every job: the end of one that a request began is its outcome. */
  readonly jobChanged: (job: Job) => void;
  /** Signs what is not signed yet. @returns the last checkpoint; null when there is nothing. Throws the system's error */
  readonly sign: () => ChainLine | null;
  readonly close: () => void;
};

/** A checkpoint is written after so many entries, and so long after the first that is not signed. */
const SIGN_AFTER_ENTRIES = 256;
const SIGN_AFTER_MS = 600_000;

/** Makes the trail. Nothing is read or written before the first request that is recorded. */
export function createAuditTrail(deps: TrailDeps): AuditTrail {
  const { store, clock, timers, logger } = deps;
  /** The end of the chain and what is not signed, once they are known. */
  let state: { last: ChainLine | null; signedN: number; since: number | null } | null = null;
  /** Outcomes that could not be written; they go before the next entry. */
  let waiting: EntryBody[] = [];
  /** Requests whose job goes on, by the job. */
  const jobs = new Map<string, number>();
  let cancelSigning: CancelTimer | null = null;

  const known = (): NonNullable<typeof state> => {
    if (state === null) {
      const { after, since } = store.unsigned();
      state = { last: store.last(), signedN: after, since };
    }
    return state;
  };

  /** Adds entries behind those that wait. @returns the number of the last. Throws SQLite's error; nothing is added then */
  const add = (bodies: readonly EntryBody[], fromReserve: boolean): number => {
    const now = known();
    const at = clock.now();
    const began: readonly EntryBody[] =
      now.last === null
        ? [{ kind: 'began', trail: randomUUID(), workstation: deps.workstation, version: deps.version }]
        : [];
    let { last } = now;
    const lines: ChainLine[] = [];
    for (const body of [...began, ...waiting, ...bodies]) {
      last = nextLine(last, at, body);
      lines.push(last);
    }
    if (last === null || lines.length === 0) return 0;
    store.add(lines, fromReserve);
    state = { last, signedN: now.signedN, since: now.since ?? at };
    waiting = [];
    signInTime();
    return last.n;
  };

  /** Adds what has happened already: it waits when it cannot be written now. Outcomes may take from the reserve. */
  const addLater = (body: EntryBody): void => {
    try {
      add([body], body.kind === 'ended');
    } catch (thrown) {
      waiting.push(body);
      logger.log('error', 'an entry of the audit trail waits', {
        why: describeThrown(thrown),
        waiting: waiting.length,
      });
      // Where even the end of the chain cannot be read, the next entry or the end of the console tries again.
      if (state !== null) signInTime();
    }
  };

  const sign = (): ChainLine | null => {
    cancelSigning?.();
    cancelSigning = null;
    if (waiting.length > 0) add([], true);
    const { last, signedN } = known();
    if (last === null || last.n === signedN) return last;
    const checkpoint = nextCheckpoint(last, clock.now(), deps.signer());
    store.add([checkpoint], true);
    state = { last: checkpoint, signedN: checkpoint.n, since: null };
    appendLines(deps.checkpointFile, store.checkpoints());
    return checkpoint;
  };
  const trySigning = (): void => {
    try {
      sign();
    } catch (thrown) {
      // The chain holds without it; the next entry, or the next ten minutes, try again.
      logger.log('error', 'the audit trail could not be signed', { why: describeThrown(thrown) });
    }
  };
  const signInTime = (): void => {
    const { last, signedN, since } = known();
    const isDue =
      (last?.n ?? 0) - signedN >= SIGN_AFTER_ENTRIES ||
      (since !== null && clock.now() - since >= SIGN_AFTER_MS);
    if (isDue && waiting.length === 0) trySigning();
    else if (deps.watching)
      cancelSigning ??= timers.after(SIGN_AFTER_MS, () => {
        cancelSigning = null;
        trySigning();
      });
  };

  const jobChanged = (job: Job): void => {
    const of = jobs.get(job.id);
    if (of === undefined || job.endedAt === null) return;
    jobs.delete(job.id);
    const outcome = job.state === 'done' || job.state === 'cancelled' ? job.state : 'failed';
    const code = job.error === null ? {} : { code: job.error.code };
    const made = job.result === null ? {} : { made: job.result.id };
    addLater({ kind: 'ended', of, outcome, job: job.id, ...code, ...made });
  };

  return {
    begin: (action, params, via) => {
      // The table pairs each request with its own parameters; here both come from the same call.
      const rule = AUDIT_RULES[action] as AuditRule<typeof action>;
      if (rule === null || rule.unless?.(params) === true) return ok(null);
      const object = objectText(rule.object(params));
      const asked = askedOf(params, rule.asked ?? []);
      let of: number;
      try {
        of = add([{ kind: 'asked', by: deps.user, via, action, object, asked }], rule.frees === true);
      } catch (thrown) {
        const why = describeThrown(thrown);
        logger.log('error', 'refused: the audit trail cannot be written', { action, why });
        return err(appError('AUDIT_UNWRITABLE', { why }));
      }
      return ok({
        end: (result) => {
          const body = endOf(of, result);
          addLater(body);
          if (body.job === undefined) return;
          jobs.set(body.job, of);
          // A short job ends before its request is answered.
          const job = deps.job(body.job);
          if (job !== undefined) jobChanged(job);
        },
      });
    },
    refused: (action, field, via) => {
      if (AUDIT_RULES[action] === null) return;
      const asked = field === '' ? {} : { field: objectText(field) };
      addLater({
        ...{ kind: 'noted', by: deps.user, via, action, object: '', asked },
        ...{ outcome: 'refused', code: 'BAD_INPUT' },
      });
    },
    deleted: (action, object, why, error = null) =>
      addLater({
        ...{ kind: 'noted', by: deps.user, via: 'engine', action, object: objectText(object) },
        ...{ asked: askedOf(why, Object.keys(why)), outcome: error === null ? 'done' : 'failed' },
        ...(error === null ? {} : { code: error.code }),
      }),
    jobChanged,
    sign,
    close: () => {
      cancelSigning?.();
      // Most ends of the console, and all commands that only read, have recorded nothing.
      if (waiting.length > 0 || (state !== null && deps.watching)) trySigning();
    },
  };
}

function endOf(of: number, result: Result<unknown>): EntryBody & { readonly kind: 'ended' } {
  if (!result.ok) {
    const outcome = result.error.code === 'CANCELLED' ? 'cancelled' : 'failed';
    return { kind: 'ended', of, outcome, code: result.error.code };
  }
  const value = (result.value ?? {}) as {
    readonly jobId?: unknown;
    readonly id?: unknown;
    readonly applied?: unknown;
  };
  // An import that found faults answers with them, and has taken nothing.
  if (value.applied === false) return { kind: 'ended', of, outcome: 'failed' };
  if (typeof value.jobId === 'string') return { kind: 'ended', of, outcome: 'begun', job: value.jobId };
  return { kind: 'ended', of, outcome: 'done', ...(typeof value.id === 'string' ? { made: value.id } : {}) };
}
