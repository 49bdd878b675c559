import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { Broadcast } from '#shared/contract/index.ts';
import type { Drill, DrillPlan, FingerprintPart } from '#shared/contract/recovery-drills.ts';
import type { AppCheck, AppCheckResult, Evidence } from '#shared/contract/restore.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { JobControl, JobOutcome, JobRegistry } from '../platform/jobs.ts';
import type { Logger } from '../platform/logger.ts';
import { hashOf } from './hash-of.ts';
import { type DrillFindings, judge } from './judge.ts';
import { makeScratch, removeScratch, scratchOf } from './scratch.ts';
import type { RecoveryStore } from './store.ts';
import type { DrillDatabases, DrillRestore, PlanFacts, PointFacts, RecoverySources } from './types.ts';

/** Runs the application check of a drill: bounded in time, the end of its output kept. Never throws. */
export type DrillCheck = (
  check: AppCheck,
  place: { readonly cwd: string; readonly drillId: string },
  signal: AbortSignal,
) => Promise<AppCheckResult>;

/** What drills are made of. */
export type DrillDeps = {
  readonly store: RecoveryStore;
  readonly sources: RecoverySources;
  readonly restore: DrillRestore;
  readonly databases: DrillDatabases;
  readonly check: DrillCheck;
  /** Folder of scratch folders, unless a rule names another. */
  readonly folder: string;
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly jobs: JobRegistry;
  readonly broadcast: Broadcast;
  /** What a drill of the plan vouches for now. */
  readonly covered: (plan: PlanFacts) => FingerprintPart[];
  readonly promised: (plan: PlanFacts) => { readonly rpoMs: number | null; readonly rtoMs: number | null };
};

/** How a drill is asked for. */
export type DrillRequest = {
  readonly plan: string;
  readonly pointId?: string | undefined;
  readonly by?: string | undefined;
  readonly trigger: Drill['trigger'];
};

/** Rehearsed restores. */
export type Drills = {
  readonly start: (request: DrillRequest) => Result<{ readonly drillId: string; readonly jobId: string }>;
  /** Cleans up after drills that an earlier engine did not end. */
  readonly settle: () => Promise<void>;
  /** The engine is ending: drills cancelled from now on were cut off. */
  readonly close: () => void;
};

/** Makes the drills of a site. */
export function createDrills(deps: DrillDeps): Drills {
  const { store, clock, logger } = deps;
  const active = new Set<string>();
  let closing = false;
  const change = (drill: Drill): void => {
    store.drills.put(drill);
    deps.broadcast('recovery.changed', { what: 'drills' });
  };

  const cleanUp = async (drill: Drill): Promise<boolean> => {
    for (const { drillId, restoreId } of store.restoreOf.list()) {
      if (drillId !== drill.id) continue;
      deps.restore.forget(restoreId);
      store.restoreOf.remove(restoreId);
    }
    const removed = await removeScratch(drill.scratchDir, drill.id);
    if (!removed.ok)
      logger.log('warn', 'a drill left something', { drill: drill.id, why: removed.error.message.en });
    return removed.ok;
  };

  const run = async (control: JobControl, drill: Drill, rule: DrillPlan | null, plan: PlanFacts) => {
    const began = clock.monotonic();
    const findings = await rehearse(deps, control, drill, rule, plan);
    const durationMs = Math.round(clock.monotonic() - began);
    const cleaned = await cleanUp(drill);
    const verdict = judge(findings);
    const state = verdict.state === 'cancelled' && closing ? 'interrupted' : verdict.state;
    const ended = sealed({
      ...drill,
      state,
      error: verdict.error,
      jobId: null,
      finishedAt: clock.now(),
      durationMs,
      cleaned,
      databases: [...findings.databases],
      appCheck: findings.appCheck,
      ...(findings.evidence.ok ? figures(findings.evidence.value) : {}),
    });
    store.together(() => {
      store.drills.put(ended);
      if (ended.state === 'passed' || ended.state === 'failed') store.records.put(recordOf(ended));
    });
    deps.broadcast('recovery.changed', { what: 'drills' });
    return verdict.error === null ? ok({ kind: 'drill', id: drill.id }) : err(verdict.error);
  };

  return {
    start: (request) => {
      const plan = deps.sources.plans().find(({ name }) => name === request.plan);
      if (plan === undefined) return err(appError('BACKUP_PLAN_MISSING', { name: request.plan }));
      if (active.has(plan.name)) return err(appError('DRILL_RUNNING', { plan: plan.name }));
      const point = choosePoint(deps.sources.points(), plan.name, request.pointId);
      if (!point.ok) return point;
      // A drill that nobody could open the point for shows nothing about the point: it is not begun.
      if (point.value.locked !== null) return err(point.value.locked);
      const rule = store.drillPlans.get(plan.name);
      const drill = begun(deps, request, plan, point.value, rule);
      active.add(plan.name);
      const job = deps.jobs.start({
        kind: 'drill',
        title: { zh: `恢复演练“${plan.name}”`, en: `Drill of "${plan.name}"` },
        link: `/recovery/drills/${drill.id}`,
        canPause: false,
        work: async (control, jobId): Promise<JobOutcome> => {
          try {
            change({ ...drill, jobId });
            return await run(control, drill, rule, plan);
          } finally {
            active.delete(plan.name);
          }
        },
      });
      return ok({ drillId: drill.id, jobId: job.id });
    },
    settle: async () => {
      for (const drill of store.drills.list()) {
        const isCutOff = drill.state === 'running';
        if (!isCutOff && drill.cleaned) continue;
        const cleaned = await cleanUp(drill);
        if (isCutOff || cleaned) {
          const state = isCutOff ? 'interrupted' : drill.state;
          const finishedAt = drill.finishedAt ?? clock.now();
          change(sealed({ ...drill, state, jobId: null, cleaned, finishedAt }));
        }
      }
    },
    close: () => {
      closing = true;
    },
  };
}

/** The restore, the dumps, the application: everything that the clock of the drill runs for. */
async function rehearse(
  deps: DrillDeps,
  control: JobControl,
  drill: Drill,
  rule: DrillPlan | null,
  plan: PlanFacts,
): Promise<DrillFindings> {
  const isCheckWanted = rule?.appCheck != null;
  const nothing = { databases: [], appCheck: null, isCheckWanted };
  const scratch = makeScratch(rule?.scratchDir ?? deps.folder, drill.id);
  if (!scratch.ok) return { ...nothing, evidence: scratch };
  const evidence = await deps.restore.run({
    pointId: drill.pointId,
    dir: scratch.value.data,
    signal: control.signal,
    began: (restoreId) => deps.store.restoreOf.put(drill.id, restoreId),
    progress: control.progress,
  });
  if (!evidence.ok || evidence.value.outcome !== 'verified') return { ...nothing, evidence };
  const databases =
    plan.databases.length === 0
      ? []
      : await deps.databases({ plan, dir: scratch.value.data, signal: control.signal });
  if (control.signal.aborted) return { ...nothing, databases, evidence: cancelled() };
  if (rule?.appCheck == null) return { ...nothing, databases, evidence };
  const place = { cwd: scratch.value.data, drillId: drill.id };
  const appCheck = await deps.check(rule.appCheck, place, control.signal);
  if (control.signal.aborted) return { ...nothing, databases, appCheck, evidence: cancelled() };
  return { evidence, databases, appCheck, isCheckWanted };
}

function cancelled(): { readonly ok: false; readonly error: AppError } {
  return { ok: false, error: appError('CANCELLED') };
}

/** The point that is asked for, or the newest that can be restored. */
function choosePoint(
  points: readonly PointFacts[],
  plan: string,
  pointId: string | undefined,
): Result<PointFacts> {
  const own = points.filter((point) => point.plan === plan);
  if (pointId !== undefined) {
    const point = own.find(({ id }) => id === pointId);
    return point === undefined ? err(appError('BACKUP_POINT_MISSING', { id: pointId })) : ok(point);
  }
  const newest = own.filter(({ restorable }) => restorable).toSorted((a, b) => b.startedAt - a.startedAt)[0];
  return newest === undefined ? err(appError('DRILL_NO_POINT', { plan })) : ok(newest);
}

function begun(
  deps: DrillDeps,
  request: DrillRequest,
  plan: PlanFacts,
  point: PointFacts,
  rule: DrillPlan | null,
): Drill {
  const id = randomUUID();
  const now = deps.clock.now();
  return {
    id,
    plan: plan.name,
    dataClass: plan.dataClass,
    pointId: point.id,
    pointAt: point.startedAt,
    state: 'running',
    trigger: request.trigger,
    by: request.by ?? userInfo().username,
    jobId: null,
    startedAt: now,
    finishedAt: null,
    durationMs: null,
    ...deps.promised(plan),
    dataAgeMs: Math.max(0, now - point.startedAt),
    files: 0,
    bytes: 0,
    verified: 0,
    failures: [],
    databases: [],
    appCheck: null,
    error: null,
    scratchDir: scratchOf(rule?.scratchDir ?? deps.folder, id).dir,
    cleaned: false,
    // Taken at the start: what changes while the drill runs was not rehearsed.
    fingerprint: deps.covered(plan),
    version: deps.version,
    workstation: hostname(),
    sha256: '',
  };
}

function figures({ files, bytes, verified, failures }: Evidence) {
  return { files, bytes, verified, failures: failures.slice(0, 1000) };
}

/** A drill with the hash over everything else that its record says. */
function sealed(drill: Drill): Drill {
  const { sha256: _old, ...body } = drill;
  return { ...body, sha256: hashOf(body) };
}

function recordOf(drill: Drill): Parameters<RecoveryStore['records']['put']>[0] {
  return {
    id: drill.id,
    kind: 'test',
    title: { zh: `恢复演练“${drill.plan}”`, en: `Drill of "${drill.plan}"` },
    at: drill.startedAt,
    durationMs: drill.durationMs,
    outcome: drill.state === 'passed' ? 'passed' : 'failed',
    participants: drill.by,
    notes: drill.error === null ? '' : `${drill.error.message.zh} / ${drill.error.message.en}`,
    about: { kind: 'drill', id: drill.id },
  };
}
