import { randomInt } from 'node:crypto';
import { relative } from 'node:path';
import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import type { TrainingIncidentId } from '#shared/contract/training.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Timers } from '../platform/timers.ts';
import { INCIDENTS, nodeOf } from './incidents.ts';
import { planLessons, ROTATED_NODE, stepKey } from './lessons.ts';
import type { RunningSite } from './site.ts';
import { deleteArchive, flipByte, hashOf, hasRotated, trainingPaths } from './site-files.ts';
import { isTrainingFolder, readState, type TrainingState, writeState } from './state-file.ts';

/** What the lessons ask of the console that they are about. */
export type TrainingConsole = {
  /** Adds what is missing of the site: hosts, log sources, the backup plan. */
  readonly setUp: (nodes: ReturnType<RunningSite['nodes']>) => Promise<Result<void>>;
  /** Whether a restore point holds something with this in its path. */
  readonly isKept: (path: string) => Promise<boolean>;
  /** What the lessons are judged by. */
  readonly facts: () => Promise<{
    /** Names of hosts that an alert was raised about, now or before. */
    readonly alerted: ReadonlySet<string>;
    readonly up: ReadonlySet<string>;
    readonly points: number;
    /** Points that somebody had read back, apart from the run that made them. */
    readonly verifiedPoints: number;
    /** A log of the site was rotated by the console. */
    readonly rotated: boolean;
    readonly drillsPassed: number;
  }>;
};

/** The training site; on a real site it is not there. */
export type TrainingArea = {
  readonly handlers: AreaHandlers<'training'>;
  /** Starts the machines if the folder is one of training. @returns what ends them */
  readonly start: () => Promise<Result<() => Promise<void>>>;
};

/** What the area is made of. */
export type TrainingDeps = {
  readonly dir: string;
  readonly console: TrainingConsole;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly broadcast: Broadcast;
};

/** Makes the area. */
export function createTrainingArea(deps: TrainingDeps): TrainingArea {
  const { dir, clock, logger, broadcast } = deps;
  const active = new Map<TrainingIncidentId, number>();
  let site: RunningSite | null = null;
  let state: TrainingState | null = null;

  const keep = (change: Partial<TrainingState>): void => {
    if (state === null) return;
    state = { ...state, ...change };
    writeState(dir, state);
  };

  const begin = (id: TrainingIncidentId): void => {
    if (state === null || active.has(id)) return;
    active.set(id, clock.now());
    if (id === 'deleted_data') {
      const deleted = deleteArchive(dir, nodeOf(id));
      if (deleted.length > 0) keep({ deleted });
    }
    if (id === 'flipped_bytes') flipByte(dir, nodeOf(id));
    if (!state.seen.includes(id)) keep({ seen: [...state.seen, id] });
    logger.log('info', 'a training incident began', { id });
  };

  return {
    start: async () => {
      const nothing = async (): Promise<void> => undefined;
      if (!isTrainingFolder(dir)) return ok(nothing);
      const read = readState(dir);
      if (!read.ok) return read;
      state = read.value;
      if (state.failingOrder === '') keep({ failingOrder: `SO-${randomInt(300_000, 399_999)}` });
      // On a real site nobody needs its servers.
      const { startSite } = await import('./site.ts');
      site = await startSite({
        ...deps,
        ports: state.ports,
        active: () => active,
        failingOrder: state.failingOrder,
      });
      keep({ ports: { ...site.ports() } });
      const ready = await deps.console.setUp(site.nodes());
      if (!ready.ok) {
        await site.close();
        return ready;
      }
      logger.log('info', 'the training site runs', { machines: site.nodes().length });
      return ok(site.close);
    },
    handlers: {
      'training.status': async () => {
        if (site === null || state === null)
          return ok({ isTraining: false, dir: '', nodes: [], incidents: [], lessons: [] });
        const known = await deps.console.facts();
        const { seen, answered, deleted } = state;
        const restored = deleted.length > 0 && deleted.every(({ path, sha256 }) => hashOf(path) === sha256);
        // What is back is no incident any more; the others end when the operator ends them.
        if (restored) active.delete('deleted_data');
        const lessons = planLessons({
          ...known,
          answered,
          seen: new Set(INCIDENTS.map(({ id }) => id).filter((id) => seen.includes(id))),
          active: new Set(active.keys()),
          alertRaised: known.alerted.has(nodeOf('node_down')),
          nodeUp: known.up.has(nodeOf('node_down')),
          rotated: known.rotated || hasRotated(dir),
          restored,
          done: new Set(state.done),
          logFile: trainingPaths(dir).logOf(ROTATED_NODE),
        });
        const done = lessons.flatMap(({ id, steps }) =>
          steps.flatMap((step, index) => (step.done ? [stepKey(id, index)] : [])),
        );
        if (done.some((key) => state?.done.includes(key) === false)) keep({ done });
        return ok({
          isTraining: true,
          dir,
          nodes: site.nodes(),
          incidents: INCIDENTS.map((incident) => ({ ...incident, since: active.get(incident.id) ?? null })),
          lessons,
        });
      },
      'training.incident': async ({ id, active: wanted }) => {
        if (site === null) return err(appError('TRAINING_NOT_HERE'));
        if (wanted && id === 'deleted_data') {
          const archive = trainingPaths(dir).archiveOf(nodeOf(id));
          if (!(await deps.console.isKept(relative(dir, archive)))) return err(appError('TRAINING_NO_POINT'));
        }
        if (wanted) begin(id);
        else active.delete(id);
        broadcast('training.changed', {});
        return ok({});
      },
      'training.answer': ({ text }) => {
        if (state === null) return err(appError('TRAINING_NOT_HERE'));
        const right = text.toUpperCase() === state.failingOrder;
        if (right && !state.answered) keep({ answered: true });
        broadcast('training.changed', {});
        return ok({ right });
      },
      'training.anew': () => {
        if (state === null) return err(appError('TRAINING_NOT_HERE'));
        keep({ anew: true });
        return ok({});
      },
    },
  };
}
