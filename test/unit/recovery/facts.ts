import type { Drill, DrillPlan } from '#shared/contract/recovery-drills.ts';
import type { CopyFacts, PlanFacts, PointFacts } from '../../../main/engine/recovery/types.ts';

/** Facts for the pure parts of recovery; each test changes what it is about. */

export function plan(change: Partial<PlanFacts> = {}): PlanFacts {
  return {
    name: 'core',
    dataClass: 'core',
    rpoMs: null,
    rtoMs: null,
    databases: [],
    createdAt: 0,
    spec: { name: 'core', sources: ['/srv'], targetDir: '/backup' },
    ...change,
  };
}

export function point(change: Partial<PointFacts> = {}): PointFacts {
  return {
    id: 'point',
    plan: 'core',
    startedAt: 1_000,
    finishedAt: 2_000,
    verifiedAt: 3_000,
    restorable: true,
    locked: null,
    damaged: false,
    copies: [],
    ...change,
  };
}

export function copy(change: Partial<CopyFacts> = {}): CopyFacts {
  return {
    place: 'device 1',
    media: 'disk',
    name: '/backup',
    intact: true,
    besideOriginal: false,
    location: '',
    offline: false,
    immutable: false,
    ...change,
  };
}

export function rule(change: Partial<DrillPlan> = {}): DrillPlan {
  return { plan: 'core', schedule: null, everyDays: null, scratchDir: null, appCheck: null, ...change };
}

export function drill(change: Partial<Drill> = {}): Drill {
  return {
    id: 'drill',
    plan: 'core',
    dataClass: 'core',
    pointId: 'point',
    pointAt: 1_000,
    state: 'passed',
    trigger: 'hand',
    by: 'op',
    jobId: null,
    startedAt: 10_000,
    finishedAt: 12_000,
    durationMs: 2_000,
    rtoMs: null,
    rpoMs: null,
    dataAgeMs: 9_000,
    files: 1,
    bytes: 1,
    verified: 1,
    failures: [],
    databases: [],
    appCheck: null,
    error: null,
    scratchDir: '/scratch/hmtt-drill-drill',
    cleaned: true,
    fingerprint: [],
    version: '1.2.3',
    workstation: 'ws',
    sha256: '',
    ...change,
  };
}
