import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import type { RotationPolicy } from '#shared/contract/logs-rotation-policy.ts';
import type { RotationStep } from '#shared/contract/logs-rotation-runs.ts';
import { type AppError, type Bilingual, describeThrown, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { NoteDeletion } from '../../platform/deletions.ts';
import type { JobRegistry } from '../../platform/jobs.ts';
import type { Logger } from '../../platform/logger.ts';
import type { DocumentSigner } from '../../platform/signing.ts';
import type { SiteSection } from '../../platform/site-section.ts';
import type { CancelTimer, Timers } from '../../platform/timers.ts';
import type { TaskStarter } from '../../platform/worker-tasks.ts';
import { ioError } from '../../storage/io-error.ts';
import { appendLines } from '../../storage/line-file.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import type { SegmentCipher, SegmentKeys } from './cipher.ts';
import { type RotationHandlerDeps, rotationHandlers } from './handlers.ts';
import type { RotationHosts } from './host.ts';
import { RotationJournal } from './journal.ts';
import { createLanes } from './lanes.ts';
import { decideKeeping, removeSegments } from './prune.ts';
import type { RotateDeps } from './rotate-file.ts';
import { Rotator } from './rotator.ts';
import { rotationSections } from './site-sections.ts';
import { isStagedSealed, removeStaged, StagingKeys } from './staging.ts';
import type { WriterDeps } from './writer.ts';

/** What the area is made with. */
export type RotationAreaDeps = {
  readonly db: WritableDb;
  /** The data folder's `archive`. */
  readonly archive: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly tasks: TaskStarter;
  readonly jobs: JobRegistry;
  readonly broadcast: Broadcast;
  readonly signer: () => DocumentSigner;
  readonly cipher: SegmentCipher;
  /** Keys that an operator has unlocked. */
  readonly keys: () => SegmentKeys;
  readonly writer: WriterDeps;
  /** Hosts whose logs are rotated, too. */
  readonly hosts: RotationHosts;
  /** Finishes the console's own reading of a log, if it reads it. */
  readonly drain: (path: string) => Promise<Result<unknown>>;
  /** What the log store took in of a log: bytes over so many days; null when it does not read it. */
  readonly intake: (paths: readonly string[]) => { readonly bytes: number; readonly days: number } | null;
  readonly freeBytes: (folder: string) => Promise<number | null>;
  /** Tells the log store that its retention is another. */
  readonly retentionChanged: () => void;
  /** Notes in the audit trail what retention removes; nothing does when left out, as in tests. */
  readonly noteDeletion?: NoteDeletion;
  /** False: rotates only when asked to, for a command that ends soon. */
  readonly watching: boolean;
  readonly stepDone?: (step: RotationStep) => void;
};

/** A rotation, or a policy as a whole, that failed; what an alert says. */
export type RotationFault = {
  readonly policy: string;
  /** The log; empty when the policy as a whole failed. */
  readonly path: string;
  readonly since: number;
  readonly tries: number;
  readonly step: string;
  readonly error: AppError;
};

/** The area as the engine's other parts see it. */
export type RotationArea = {
  readonly handlers: AreaHandlers<'rotation'>;
  readonly faults: () => readonly RotationFault[];
  /** Its part of the site document. */
  readonly sections: readonly SiteSection[];
  readonly close: () => Promise<void>;
};

const TICK_MS = 15_000;
const FIRST_TICK_MS = 2_000;
const PRUNE_EVERY_MS = 3_600_000;
const TITLE: Bilingual = { zh: '轮转日志', en: 'Rotate logs' };

/** Makes the area, goes on with what was cut off, and rotates what is due from then on. */
export function createRotationArea(deps: RotationAreaDeps): RotationArea {
  const { db, archive, clock, timers, logger, jobs, broadcast } = deps;
  const journal = new RotationJournal(db);
  const chainFile = join(archive, 'checkpoints.ndjson');
  const startedAt = clock.monotonic();
  const startedWall = clock.now();
  let chainFault: RotationFault | null = null;
  /** What cannot be written now is told, and written with the next look: console.db has every line. */
  const writeChain = (): void => {
    try {
      mkdirSync(archive, { recursive: true, mode: 0o700 });
      appendLines(chainFile, journal.lines());
      chainFault = null;
    } catch (thrown) {
      const since = chainFault?.since ?? clock.now();
      chainFault = {
        policy: '',
        path: chainFile,
        since,
        tries: 1,
        step: 'record',
        error: ioError(chainFile, thrown),
      };
    }
  };
  const rotate: RotateDeps = {
    ...deps,
    journal,
    stagingKeys: new StagingKeys(),
    writeChain,
    changed: ({ policy, id }) => broadcast('rotation.changed', { policy, rotationId: id }),
  };
  const rotator = new Rotator(rotate);
  removeUnopenable(rotate, logger);
  const abort = new AbortController();
  let pruneFault: RotationFault | null = null;
  let prunedAt = Number.NEGATIVE_INFINITY;
  const lanes = createLanes(clock, journal);

  const prune = (): void => {
    prunedAt = clock.monotonic();
    const { decisions } = decideKeeping(rotate, startedAt);
    const going = decisions.filter(({ remove }) => remove).map(({ segment }) => segment);
    const removed = removeSegments(rotate, going, 'retention');
    pruneFault = removed.ok
      ? null
      : { policy: '', path: '', since: clock.now(), tries: 1, step: 'prune', error: removed.error };
    if (going.length === 0) return;
    const names = going.map(({ file }) => basename(file)).join(', ');
    const count = { count: String(going.length) };
    deps.noteDeletion?.('rotation.expired', names, count, removed.ok ? null : removed.error);
    broadcast('rotation.changed', { policy: null, rotationId: null });
  };

  /**
   * @param lane login of the host whose files are rotated; null: this workstation
   * @param only the policy whose unfinished rotations are gone on with; null: of all, also of policies that are off or gone
   * @returns what failed of it, as far as it is known at the end
   */
  const rotateLane = async (
    lane: string | null,
    policies: readonly RotationPolicy[],
    how: { readonly byHand: boolean; readonly retryAll: boolean; readonly only: string | null },
    signal: AbortSignal,
  ): Promise<readonly AppError[]> => {
    const errors: AppError[] = [];
    if (chainFault !== null) writeChain();
    let worked = 0;
    for (const record of await rotator.resume(signal, how.retryAll, lane, how.only)) {
      worked += 1;
      if (record.error !== null) errors.push(record.error);
    }
    for (const policy of policies) {
      if (signal.aborted) break;
      const done = await rotator.rotate(policy, how.byHand, signal);
      if (!done.ok) errors.push(done.error);
      else {
        worked += done.value.length;
        errors.push(...done.value.flatMap(({ error }) => error ?? []));
      }
    }
    if (worked > 0 || clock.monotonic() - prunedAt >= PRUNE_EVERY_MS) prune();
    return errors;
  };

  /** Looks for what is due, and goes on with what was cut off, in every lane that is not at work. */
  const look = (): void => {
    if (abort.signal.aborted) return;
    const enabled = journal.policies().filter((policy) => policy.enabled);
    for (const { lane, policies } of lanes.due(enabled)) {
      const how = { byHand: false, retryAll: false, only: null };
      lanes
        .run(lane, () => rotateLane(lane, policies, how, abort.signal))
        .then(
          (errors) => lanes.looked(policies, errors.length > 0),
          (thrown: unknown) =>
            logger.log('error', 'looking for logs to rotate failed', { thrown: String(thrown) }),
        );
    }
  };
  const cancels: CancelTimer[] = deps.watching
    ? [timers.after(FIRST_TICK_MS, look), timers.every(TICK_MS, look)]
    : [];

  const startRun: RotationHandlerDeps['startRun'] = (policies, onlyDue, only) =>
    jobs.start({
      kind: 'rotate',
      title: TITLE,
      link: '/logs?tab=rotation',
      canPause: false,
      work: async ({ signal }) => {
        const both = AbortSignal.any([signal, abort.signal]);
        const how = { byHand: !onlyDue, retryAll: true, only };
        const done = await Promise.all(
          lanes
            .all(policies)
            .map((lane) => lanes.run(lane.lane, () => rotateLane(lane.lane, lane.policies, how, both))),
        );
        const [error] = done.flat();
        return error === undefined ? { ok: true, value: null } : { ok: false, error };
      },
    }).id;

  return {
    handlers: rotationHandlers({ ...deps, rotate, rotator, chainFile, startedAt, startRun }),
    faults: () => {
      const failed = journal.open().filter(({ state }) => state === 'failed');
      return [
        ...failed.flatMap(({ policy, path, step, tries, error, steps }): RotationFault[] =>
          error === null
            ? []
            : [{ policy, path, step, tries, error, since: steps.at(-1)?.startedAt ?? clock.now() }],
        ),
        ...rotator
          .troubles()
          .map(({ policy, at, error }) => ({ policy, path: '', since: at, tries: 1, step: '', error })),
        ...[
          ...journal.unreadablePolicies().map(({ name, error }) => ({ policy: name, path: '', error })),
          ...journal.unreadableOpen(),
        ].map((one) => ({ ...one, since: startedWall, tries: 1, step: '' })),
        ...(pruneFault === null ? [] : [pruneFault]),
        ...(chainFault === null ? [] : [chainFault]),
      ];
    },
    sections: rotationSections({
      ...{ db, journal, cipher: deps.cipher },
      hasLogin: (login) => deps.hosts.login(login) !== null,
      policiesChanged: () => {
        for (const { name } of journal.policies()) rotator.forget(name);
        broadcast('rotation.changed', { policy: null, rotationId: null });
      },
      retentionChanged: () => {
        deps.retentionChanged();
        broadcast('rotation.changed', { policy: null, rotationId: null });
      },
    }),
    close: async () => {
      abort.abort();
      for (const cancel of cancels) cancel();
      await lanes.idle();
    },
  };
}

/** Removes what a console that has ended fetched for policies that encrypt: nobody has the keys any more. */
function removeUnopenable({ journal, stagingKeys }: RotateDeps, logger: Logger): void {
  for (const record of journal.open().filter(isStagedSealed))
    try {
      removeStaged(stagingKeys, record);
    } catch (thrown) {
      // Fetching begins with removing it, and its failure is told.
      logger.log('warn', 'a fetched log could not be removed', {
        file: record.staged ?? '',
        thrown: describeThrown(thrown),
      });
    }
}
