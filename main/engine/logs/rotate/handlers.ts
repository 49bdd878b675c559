import { mkdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { AreaHandlers } from '#shared/contract/index.ts';
import type { RotationPolicy, RotationPolicyState } from '#shared/contract/logs-rotation-policy.ts';
import type { RotationSegment } from '#shared/contract/logs-rotation-runs.ts';
import { cronTimes } from '#shared/domain/schedule/cron-times.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { writeFileDurably } from '../../storage/durable.ts';
import { writeError } from '../../storage/io-error.ts';
import { DAY_MS } from '../model.ts';
import { archiveContexts, searchArchive } from './archive-reading.ts';
import type { RotationAreaDeps } from './area.ts';
import { forecast } from './forecast.ts';
import { isPlainPath } from './host.ts';
import { planOnHost } from './host-files.ts';
import { importLogrotate } from './logrotate/import.ts';
import { segmentFolder } from './names.ts';
import { checkPolicy, outdated, policyWarnings } from './policy.ts';
import { decideKeeping, pruneAsSeen, shownSegments } from './prune.ts';
import type { RotateDeps } from './rotate-file.ts';
import type { Rotator } from './rotator.ts';
import { possibleCodec } from './segment-file.ts';
import { holdStream, readStoreRetention, setStoreRetention } from './store-retention.ts';
import { anchorOf, verifyArchive } from './verify.ts';

/** What the handlers work on. */
export type RotationHandlerDeps = RotationAreaDeps & {
  readonly rotate: RotateDeps;
  readonly rotator: Rotator;
  readonly chainFile: string;
  /** When the area began, by the monotonic clock. */
  readonly startedAt: number;
  /** Starts the job; `only` is the policy that was named. @returns the job's id */
  readonly startRun: (policies: readonly RotationPolicy[], onlyDue: boolean, only: string | null) => string;
};

const PAST_DAYS = 90;

/** Answers for rotation, archive and retention of logs. */
export function rotationHandlers(deps: RotationHandlerDeps): AreaHandlers<'rotation'> {
  const { rotate, rotator, db, clock, broadcast, cipher } = deps;
  const { journal } = rotate;
  const archive = { journal, tasks: deps.tasks, keys: deps.keys };
  const find = (name: string): Result<RotationPolicy> => {
    const found = journal.policies().find((policy) => policy.name === name);
    if (found !== undefined) return ok(found);
    const unreadable = journal.unreadablePolicies().find((policy) => policy.name === name);
    return err(unreadable?.error ?? appError('NOT_FOUND', { what: 'rotation policy', id: name }));
  };
  const changed = (policy: string | null): void =>
    broadcast('rotation.changed', { policy, rotationId: null });
  const saved = (policy: string | null, work: () => void): Result<Record<string, never>> => {
    try {
      work();
    } catch (thrown) {
      return err(writeError('console.db', thrown));
    }
    changed(policy);
    return ok({});
  };
  /** Days of the lock that a policy would lower; null: it does not. */
  const lockAbove = ({ name, keep }: RotationPolicy): number | null => {
    const days = journal.locks().get(name) ?? 0;
    return keep.lockDays < days ? days : null;
  };
  const noteHolds = (
    ids: readonly string[],
    hold: RotationSegment['hold'],
  ): Result<Record<string, never>> => {
    const segments = ids.flatMap((id) => journal.segment(id) ?? []);
    const missing = ids.find((id) => !segments.some((segment) => segment.id === id));
    if (missing !== undefined) return err(appError('NOT_FOUND', { what: 'segment', id: missing }));
    return saved(null, () => journal.noteSegments(segments.map((segment) => ({ ...segment, hold }))));
  };
  const logrotate = async (params: { readonly path: string; readonly text?: string | undefined }) =>
    importLogrotate(params.path, params.text);

  return {
    'rotation.policies.list': () =>
      ok({
        policies: journal.policies().map((policy) => stateOf(deps, policy)),
        unreadable: [...journal.unreadablePolicies()],
        codecs: { zstd: possibleCodec('zstd'), gzip: possibleCodec('gzip'), none: possibleCodec('none') },
      }),
    'rotation.policies.put': async (policy, { signal }) => {
      const checked = await checkPolicy(policy, cipher);
      if (!checked.ok) return checked;
      const { host } = policy;
      if (host !== null && deps.hosts.login(host.login) === null)
        return err(appError('NOT_FOUND', { what: 'SSH login', id: host.login }, { field: 'host' }));
      const days = lockAbove(policy);
      if (days !== null) return err(appError('LOG_RETENTION_LOCKED', { days }, { field: 'keep.lockDays' }));
      const put = saved(policy.name, () => journal.putPolicies([policy]));
      if (!put.ok) return put;
      // Files are seen for the first time now, so that "since the last rotation" begins now.
      // Those of a host are seen with the next look at it; it may be off now.
      if (host === null) await rotator.plan(policy, false, signal);
      rotator.forget(policy.name);
      return ok({ warnings: [...policyWarnings(policy)] });
    },
    'rotation.policies.remove': ({ name }) => {
      const found = find(name);
      // One that cannot be read can be removed all the same.
      if (!found.ok && found.error.code === 'NOT_FOUND') return found;
      rotator.forget(name);
      return saved(name, () => journal.removePolicy(name));
    },
    'rotation.preview': async ({ policy }, { signal }) => {
      const checked = await checkPolicy(policy, cipher);
      if (!checked.ok) return checked;
      const planned = await rotator.plan(policy, false, signal);
      // What a host has to allow is to be known before it can be looked at.
      const { host } = policy;
      const plan = (names: readonly string[]) => planOnHost(deps.hosts, policy, names, clock.now());
      if (!planned.ok && (host === null || deps.hosts.login(host.login) === null)) return planned;
      const found = planned.ok ? planned.value : [];
      const there = planned.ok
        ? found.flatMap(({ remotePath }) => remotePath ?? [])
        : policy.paths.filter(isPlainPath);
      const files = found.map(({ path, bytes, verdict, target }) => {
        return { path, bytes, target, due: verdict.due, why: verdict.why };
      });
      const { decisions } = decideKeeping(rotate, deps.startedAt, policy.name);
      return ok({
        files,
        warnings: [...policyWarnings(policy), ...(planned.ok ? [] : [planned.error.message])],
        remove: decisions.filter(({ remove }) => remove),
        host: plan(there),
      });
    },
    'rotation.run': ({ name, onlyDue }) => {
      if (name === undefined)
        return ok({
          jobId: deps.startRun(
            journal.policies().filter(({ enabled }) => enabled),
            onlyDue,
            null,
          ),
        });
      const found = find(name);
      return found.ok ? ok({ jobId: deps.startRun([found.value], onlyDue, found.value.name) }) : found;
    },
    'rotation.history': ({ policy, limit, offset }) => ok(journal.history(policy ?? null, limit, offset)),
    'rotation.segments.list': ({ policy, limit, offset }) => {
      const segments = shownSegments(rotate, policy);
      return ok({
        segments: segments.slice(offset, offset + limit),
        total: segments.length,
        storedBytes: segments.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
      });
    },
    'rotation.segments.hold': ({ ids, who, why, until }) =>
      noteHolds(ids, { who, why, since: clock.now(), until }),
    'rotation.segments.release': ({ ids, who, why }) => {
      deps.logger.log('info', 'legal hold of segments lifted', { ids: ids.join(','), who, why });
      return noteHolds(ids, null);
    },
    'rotation.segments.search': (params, { signal }) => searchArchive(archive, params, signal),
    'rotation.segments.context': async ({ before, after, ...hit }, { signal }) => {
      const read = await archiveContexts(archive, { hits: [hit], before, after }, signal);
      if (!read.ok) return read;
      const [around] = read.value.around;
      return around === undefined
        ? err(appError('NOT_FOUND', { what: 'segment', id: hit.segmentId }))
        : ok({ ...around, opened: read.value.opened });
    },
    'rotation.segments.contexts': (params, { signal }) => archiveContexts(archive, params, signal),
    'rotation.prune.preview': ({ name }) => ok(decideKeeping(rotate, deps.startedAt, name)),
    'rotation.prune': ({ name, hash }) => {
      const pruned = pruneAsSeen(rotate, deps.startedAt, name, hash);
      changed(name ?? null);
      return pruned;
    },
    'rotation.verify': async ({ anchor }, call) => {
      const report = await verifyArchive({ ...rotate, ...deps, journal }, anchor, call.signal);
      changed(null);
      return report;
    },
    'rotation.anchor': () => ok(anchorOf({ journal, clock, signer: deps.signer })),
    'rotation.anchor.export': ({ dir }) => {
      // The folder is this machine's: a Windows path on Linux would lie in the folder that the engine was started in.
      if (!isAbsolute(dir)) return err(appError('LOG_PATH_RELATIVE', { path: dir }, { field: 'dir' }));
      const anchor = anchorOf({ journal, clock, signer: deps.signer });
      const stem = `hmtt-anchor-${anchor.checkpoint}`;
      const files = [join(dir, `${stem}.txt`), join(dir, `${stem}.ndjson`)];
      try {
        mkdirSync(dir, { recursive: true });
        writeFileDurably(files[0] ?? '', `${anchor.text}\n`, 0o644);
        writeFileDurably(
          files[1] ?? '',
          journal
            .lines()
            .map((line) => `${line}\n`)
            .join(''),
          0o644,
        );
      } catch (thrown) {
        return err(writeError(dir, thrown));
      }
      return ok({ files, anchor });
    },
    'rotation.forecast': async ({ policy, days }, { signal }) => {
      const planned = await rotator.plan(policy, false, signal);
      // A host that is off says nothing; past rotations do.
      const live = (planned.ok ? planned.value : []).map(({ path, bytes }) => ({ path, bytes }));
      const paths = new Set(live.map(({ path }) => path));
      const since = clock.now() - PAST_DAYS * DAY_MS;
      const done = journal
        .done(null, since)
        .filter(({ path, policy: of }) => of === policy.name || paths.has(path));
      const first = live[0]?.path ?? policy.paths[0] ?? '/';
      const folder = segmentFolder({ policy, path: first, archive: deps.archive });
      return ok(
        forecast(
          policy,
          {
            done,
            live,
            stored: deps.intake([...paths]),
            segments: journal.segments({ policy: policy.name }),
            freeBytes: await deps.freeBytes(folder),
          },
          days,
          clock.now(),
        ),
      );
    },
    'rotation.logrotate.preview': logrotate,
    'rotation.logrotate.import': async (params, { signal }) => {
      const read = await logrotate(params);
      if (!read.ok) return read;
      const [refused] = read.value.refused;
      if (refused !== undefined) {
        const { file, line, directive } = refused;
        return err(
          appError('LOGROTATE_REFUSED', { file, line, directive }, { line, detail: refused.why.en }),
        );
      }
      for (const policy of read.value.policies) {
        const checked = await checkPolicy(policy, cipher);
        if (!checked.ok) return checked;
        const days = lockAbove(policy);
        if (days !== null)
          return err(appError('LOG_RETENTION_LOCKED', { days }, { field: `${policy.name}: keep.lockDays` }));
      }
      const put = saved(null, () => journal.putPolicies(read.value.policies));
      if (!put.ok) return put;
      for (const policy of read.value.policies) await rotator.plan(policy, false, signal);
      return read;
    },
    'rotation.retention.get': () => ok(readStoreRetention(db)),
    'rotation.retention.set': (change) => {
      const set = setStoreRetention(db, change);
      if (!set.ok) return set;
      deps.retentionChanged();
      changed(null);
      return ok({});
    },
    'rotation.retention.hold': ({ stream, who, why, until }) => {
      holdStream(db, stream, { who, why, since: clock.now(), until });
      deps.retentionChanged();
      changed(null);
      return ok({});
    },
    'rotation.retention.release': ({ stream, who, why }) => {
      holdStream(db, stream, null);
      deps.logger.log('info', 'legal hold of a log stream lifted', { stream, who, why });
      deps.retentionChanged();
      changed(null);
      return ok({});
    },
  };
}

function stateOf({ rotate, clock }: RotationHandlerDeps, policy: RotationPolicy): RotationPolicyState {
  const { journal } = rotate;
  const segments = journal.segments({ policy: policy.name });
  const open = journal.open().filter((record) => record.policy === policy.name);
  const { schedule } = policy.when;
  const next = schedule === null || !policy.enabled ? null : cronTimes(schedule, clock.now(), 1);
  const problem = outdated(policy);
  return {
    policy,
    nextAt: next?.ok ? (next.times[0] ?? null) : null,
    lastAt: segments[0]?.rotatedAt ?? null,
    failing: open.filter(({ state }) => state === 'failed').length,
    running: open.filter(({ state }) => state === 'running').length,
    segments: segments.length,
    storedBytes: segments.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
    warnings: [...(problem === null ? [] : [problem.message]), ...policyWarnings(policy)],
  };
}
