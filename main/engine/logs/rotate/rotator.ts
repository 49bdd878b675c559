import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { RotationPolicy } from '#shared/contract/logs-rotation-policy.ts';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { codecNow } from './archive-steps.ts';
import { type DueVerdict, dueOf } from './due.ts';
import { LogHost } from './host.ts';
import { filesOnHost } from './host-files.ts';
import type { RotationRecord } from './journal.ts';
import { finalStem, packedSuffix, workingName } from './names.ts';
import { filesOf, outdated, type PolicyFiles } from './policy.ts';
import { repackDelayed } from './repack.ts';
import { advance, type RotateDeps } from './rotate-file.ts';
import { placeAt } from './steps-old-file.ts';
import { takeOver } from './take-over.ts';
import { runHook } from './writer.ts';

const RETRY_FIRST_MS = 60_000;
const RETRY_LAST_MS = 3_600_000;

/** A file of a policy with what is to become of it. */
export type PlannedFile = {
  readonly path: string;
  /** On a host: the path there. */
  readonly remotePath: string | null;
  readonly bytes: number;
  readonly verdict: DueVerdict;
  readonly target: string;
};

/** What went wrong with a policy as a whole, besides failed rotations. */
export type PolicyTrouble = { readonly policy: string; readonly at: number; readonly error: AppError };

/** Rotates what is due, goes on with what was cut off, tries again what failed. One thing at a time. */
export class Rotator {
  readonly #deps: RotateDeps;
  readonly #troubles = new Map<string, PolicyTrouble>();
  /** Paths being worked on. */
  readonly #busy = new Set<string>();

  constructor(deps: RotateDeps) {
    this.#deps = deps;
  }

  /** What is wrong with policies as a whole; failed rotations stand in the journal. */
  troubles(): readonly PolicyTrouble[] {
    return [...this.#troubles.values()];
  }

  forget(policy: string): void {
    this.#troubles.delete(policy);
  }

  /** What a policy would do with its files now. */
  async plan(
    policy: RotationPolicy,
    byHand: boolean,
    signal: AbortSignal,
  ): Promise<Result<readonly PlannedFile[]>> {
    const files = await this.#files(policy, signal);
    return files.ok ? ok(this.#plan(policy, byHand, files.value)) : files;
  }

  #plan(policy: RotationPolicy, byHand: boolean, files: PolicyFiles): readonly PlannedFile[] {
    const { journal, clock, archive } = this.#deps;
    const now = clock.now();
    const open = new Set(journal.openPaths());
    return files.files.map(({ path, size, remotePath }) => {
      const bytes = Number(size);
      const parts = { policy, path, seq: 0, at: now, archive };
      const target = `${finalStem(parts)}${packedSuffix(policy, codecNow(policy))}`;
      const since = journal.since(path, now);
      const verdict = dueOf(policy, { path, bytes, since }, now, byHand);
      const waits: DueVerdict = {
        due: false,
        why: { zh: '上一次轮转尚未完成。', en: 'The rotation before is not finished.' },
      };
      return { path, remotePath, bytes, target, verdict: verdict.due && open.has(path) ? waits : verdict };
    });
  }

  async #files(policy: RotationPolicy, signal: AbortSignal): Promise<Result<PolicyFiles>> {
    if (policy.host !== null) return filesOnHost(this.#deps.hosts, policy, signal);
    const own = new Set([
      ...this.#deps.journal.open().map(({ working }) => working),
      ...this.#deps.journal.segments().map(({ file }) => file),
    ]);
    return ok(filesOf(policy, (path) => own.has(path)));
  }

  /**
   * Goes on with rotations that were cut off, and tries failed ones again.
   *
   * @param all also those whose time to be tried again has not come
   * @param login of files of that host; null: of this workstation
   */
  async resume(
    signal: AbortSignal,
    all: boolean,
    login: string | null,
    policy: string | null = null,
  ): Promise<readonly RotationRecord[]> {
    const ended: RotationRecord[] = [];
    for (const record of this.#deps.journal.open()) {
      if (signal.aborted) break;
      if (policy !== null && record.policy !== policy) continue;
      if ((record.spec.host?.login ?? null) !== login) continue;
      if (this.#busy.has(record.path)) continue;
      const isDue = record.retryAt === null || record.retryAt <= this.#deps.clock.now() || all;
      // A clock that was set back must not put a retry off for ever.
      const isFar = record.retryAt !== null && record.retryAt - this.#deps.clock.now() > RETRY_LAST_MS;
      if (!isDue && !isFar) continue;
      // With the policy as it is now: what was wrong with it may have been corrected. Names and packing stay.
      const current = this.#deps.journal.policies().find(({ name }) => name === record.policy);
      const { reopen, hooks, releaseMs } = current ?? record.spec;
      // The file stays where it is; how it is reached there may be another now.
      const host = current?.host?.login === record.spec.host?.login ? current?.host : null;
      const again = {
        ...record,
        tries: record.tries + 1,
        spec: { ...record.spec, reopen, hooks, releaseMs, host: host ?? record.spec.host },
      };
      const done = await this.#finish(again, signal);
      if (done !== null) ended.push(done);
    }
    return ended;
  }

  /**
   * Rotates the files of a policy that are due.
   *
   * @returns the rotations that were begun; a failure of the policy as a whole
   */
  async rotate(
    policy: RotationPolicy,
    byHand: boolean,
    signal: AbortSignal,
  ): Promise<Result<readonly RotationRecord[]>> {
    try {
      const done = await this.#rotateDue(policy, byHand, signal);
      if (done.ok) this.#troubles.delete(policy.name);
      else if (done.error.code !== 'CANCELLED') this.#trouble(policy.name, done.error);
      return done;
    } catch (thrown) {
      // console.db may be on a full disk; then not even the failure can be recorded.
      const error = appError('INTERNAL', { what: describeThrown(thrown) });
      this.#trouble(policy.name, error);
      return err(error);
    }
  }

  #trouble(policy: string, error: AppError, key: string = policy): void {
    const at = this.#troubles.get(key)?.at ?? this.#deps.clock.now();
    this.#troubles.set(key, { policy, at, error });
  }

  async #rotateDue(
    policy: RotationPolicy,
    byHand: boolean,
    signal: AbortSignal,
  ): Promise<Result<readonly RotationRecord[]>> {
    const problem = outdated(policy);
    if (problem !== null) return err(problem);
    const listed = await this.#files(policy, signal);
    if (!listed.ok) return listed;
    const files = listed.value;
    const [unlisted] = files.problems;
    const planned = this.#plan(policy, byHand, files).filter(
      ({ path, verdict }) => verdict.due && !this.#busy.has(path),
    );
    const rotated = planned.length === 0 ? ok([]) : await this.#rotateGroup(policy, planned, signal);
    if (!rotated.ok) return rotated;
    // Between a rotation and the writer's next line there is no file; whether a log is silent is another matter.
    const missing = files.missing.find((path) => !this.#deps.journal.isKnown(path));
    if (missing !== undefined && !policy.missingOk)
      return err(appError('LOG_ROTATION_MISSING', { name: policy.name, path: missing }));
    if (unlisted !== undefined)
      return err(appError('FILE_UNREADABLE', { file: unlisted.path, why: unlisted.why }));
    return rotated;
  }

  async #rotateGroup(
    policy: RotationPolicy,
    planned: readonly PlannedFile[],
    signal: AbortSignal,
  ): Promise<Result<readonly RotationRecord[]>> {
    const { writer } = this.#deps;
    const all = policy.paths.join(' ');
    const taken = planned.find(({ target }) => policy.naming.style === 'dated' && existsSync(target));
    if (taken !== undefined) return err(appError('LOG_ROTATION_NAME_TAKEN', { file: taken.target }));
    // A log that a source has not met yet would be an old file of before the source once it has another name.
    for (const { path } of planned) {
      const met = await this.#deps.drain(path);
      if (!met.ok) return err(appError('LOG_ROTATION_DRAIN', { file: path, why: met.error.message }));
    }
    const placesThere = new Map<string, string | null>();
    for (const { path, remotePath } of planned) {
      if (remotePath === null) continue;
      const place = await this.#placeThere(policy, remotePath, signal);
      if (!place.ok) return place;
      placesThere.set(path, place.value);
    }
    const first = await runHook(policy, 'first', all, writer, signal);
    if (!first.ok) return first;
    if (policy.hooks.shared) {
      const before = await runHook(policy, 'before', all, writer, signal);
      if (!before.ok) return before;
    }
    const begun: RotationRecord[] = [];
    const failed: RotationRecord[] = [];
    for (const { path } of planned) this.#busy.add(path);
    try {
      for (const file of planned) {
        const record = await this.#begin(policy, file, placesThere.get(file.path) ?? null, signal);
        if (record.value === null) continue;
        (record.failed ? failed : begun).push(record.value);
      }
      const ended: RotationRecord[] = [...failed];
      if (policy.hooks.shared && begun.length > 0) {
        const after = await runHook(policy, 'after', all, writer, signal);
        if (!after.ok) {
          ended.push(...begun.map((record) => this.#fail(record, after.error)));
          return after;
        }
      }
      for (const record of begun) {
        const done = await this.#finish(record, signal);
        if (done !== null) ended.push(done);
      }
      const last = await runHook(policy, 'last', all, writer, signal);
      if (!last.ok) return last;
      return ok(ended);
    } finally {
      for (const { path } of planned) this.#busy.delete(path);
    }
  }

  /** Gives a file its other name; nothing is changed when that cannot be. */
  async #begin(
    policy: RotationPolicy,
    { path, remotePath, verdict }: PlannedFile,
    placeThere: string | null,
    signal: AbortSignal,
  ): Promise<{ readonly value: RotationRecord | null; readonly failed: boolean }> {
    const { journal, clock, writer } = this.#deps;
    const place = remotePath === null ? placeAt(path) : placeThere;
    if (place === null || !verdict.due) return { value: null, failed: false };
    const { trigger } = verdict;
    const now = clock.now();
    const begun = journal.begin((seq) => ({
      seq,
      id: randomUUID(),
      policy: policy.name,
      spec: policy,
      path,
      trigger,
      state: 'running',
      step: 'rename',
      steps: [],
      startedAt: now,
      endedAt: null,
      tries: 1,
      bytesBefore: null,
      linesBefore: null,
      linesAfter: null,
      bytesAfter: null,
      lostBytes: null,
      segmentId: null,
      error: null,
      place,
      working: workingName({ path: remotePath ?? path, at: now, seq }),
      remotePath,
      staged: null,
      fetched: null,
      final: null,
      part: null,
      codec: null,
      before: null,
      stored: null,
      stat: null,
      shifts: [],
      retryAt: null,
    }));
    if (!policy.hooks.shared) {
      const before = await runHook(policy, 'before', path, writer, signal);
      if (!before.ok) return { value: this.#fail(begun, before.error), failed: true };
    }
    // Scripts that are not shared run file by file; others run when all files have their other names.
    const renamed = await advance(this.#deps, begun, signal, policy.hooks.shared ? 'reopen' : 'release');
    if (renamed === null) return { value: null, failed: false };
    if (renamed.error !== null) return { value: this.#fail(renamed.record, renamed.error), failed: true };
    journal.setSince(path, now);
    return { value: renamed.record, failed: false };
  }

  /** Device and inode of a host's file; null when it has gone, or is none. */
  async #placeThere(
    policy: RotationPolicy,
    file: string,
    signal: AbortSignal,
  ): Promise<Result<string | null>> {
    if (policy.host === null) return ok(null);
    const looked = await new LogHost(this.#deps.hosts, policy.host, signal).look(file);
    if (!looked.ok) return looked;
    return looked.value === null || looked.value.isFile
      ? ok(looked.value?.place ?? null)
      : err(appError('LOG_NOT_A_FILE', { file }));
  }

  async #finish(record: RotationRecord, signal: AbortSignal): Promise<RotationRecord | null> {
    this.#busy.add(record.path);
    try {
      const done = await advance(this.#deps, record, signal);
      if (done === null) return null;
      if (done.error !== null) return this.#fail(done.record, done.error);
      const taken = await takeOver(this.#deps, done.record, signal);
      const repacked = await repackDelayed(this.#deps, done.record, signal);
      const key = `${record.policy} ${record.path}`;
      this.#troubles.delete(key);
      const failed = taken.ok ? repacked : taken;
      if (!failed.ok && failed.error.code !== 'CANCELLED') this.#trouble(record.policy, failed.error, key);
      return done.record;
    } catch (thrown) {
      // A bug, or console.db cannot be written; then it is told all the same, until this log is rotated.
      const error = appError('INTERNAL', { what: describeThrown(thrown) });
      this.#trouble(record.policy, error, `${record.policy} ${record.path}`);
      return { ...record, state: 'failed', error };
    } finally {
      this.#busy.delete(record.path);
    }
  }

  /** Notes a failure and when it is tried again. An ended program is no failure: it goes on by itself. */
  #fail(record: RotationRecord, error: AppError): RotationRecord {
    if (error.code === 'CANCELLED') return record;
    const pause = Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** Math.min(10, record.tries - 1));
    const failed: RotationRecord = {
      ...record,
      state: 'failed',
      error,
      retryAt: this.#deps.clock.now() + pause,
    };
    this.#deps.journal.save(failed);
    this.#deps.changed(failed);
    return failed;
  }
}
