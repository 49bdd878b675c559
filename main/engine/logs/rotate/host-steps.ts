import { basename } from 'node:path';
import type { RotationPolicy } from '#shared/contract/logs-rotation-policy.ts';
import type { RotationStep } from '#shared/contract/logs-rotation-runs.ts';
import { appError, type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';
import { packStep, recordStep } from './archive-steps.ts';
import { fetchOld } from './fetch.ts';
import { type HostCall, type HostFile, LogHost } from './host.ts';
import type { RotationRecord } from './journal.ts';
import type { RotateDeps, RotationSteps } from './rotate-file.ts';
import { isStagedSealed, removeStaged } from './staging.ts';
import { waitReleased } from './steps-old-file.ts';

/** The steps of a host's file, in their order. */
export const HOST_ORDER: readonly RotationStep[] = [
  'rename',
  'reopen',
  'release',
  'drain',
  'fetch',
  'pack',
  'verify',
  'record',
  'delete',
];

/** How a policy's writer is told; null when nobody is. */
export function reopenCall({ reopen }: Pick<RotationPolicy, 'reopen'>): HostCall | null {
  switch (reopen.kind) {
    case 'none':
      return null;
    case 'service':
      return { id: 'service-reload', unit: reopen.unit };
    case 'signal':
      return { id: 'log-signal', values: { signal: reopen.signal, pidFile: reopen.pidFile ?? '' } };
    case 'command':
      return { id: 'log-reopen', values: { script: basename(reopen.command) } };
  }
}

/** What happens to a file on its host (docs/log-rotation.md, "On other hosts"). Each step can be repeated without harm. */
export const HOST_STEPS: RotationSteps = {
  rename: async (deps, record, signal) => {
    const host = hostOf(deps, record, signal);
    if (!host.ok) return host;
    const renamed = await renameThere(host.value, record);
    if (!renamed.ok) return renamed;
    return renamed.value === null
      ? ok(null)
      : ok({ record: { ...record, lostBytes: 0 }, note: ranNote(renamed.value) });
  },
  reopen: async (deps, record, signal) => {
    const call = reopenCall(record.spec);
    if (call === null) return ok({ record });
    const host = hostOf(deps, record, signal);
    if (!host.ok) return host;
    // A reload is always asked for as root: systemd asks nobody else.
    const told = await host.value.do(call.id === 'service-reload' ? call : host.value.privileged(call));
    return told.ok ? ok({ record, note: ranNote([told.value.line]) }) : told;
  },
  release: async (deps, record, signal) => {
    const host = hostOf(deps, record, signal);
    if (!host.ok) return host;
    const free = await waitReleased(
      record.working,
      () => holdersThere(host.value, record),
      { waitMs: record.spec.releaseMs, firstMs: 200, longestMs: 5000 },
      deps.clock,
      deps.timers,
      signal,
    );
    return free.ok ? ok({ record, note: free.value }) : free;
  },
  drain: async (deps, record) => {
    const drained = await deps.drain(record.path);
    if (drained.ok) return ok({ record });
    return err(appError('LOG_ROTATION_DRAIN', { file: record.working, why: drained.error.message }));
  },
  fetch: async (deps, record, signal) => {
    const host = hostOf(deps, record, signal);
    return host.ok ? fetchOld(deps, host.value, record, signal) : host;
  },
  pack: async (deps, record, signal) => {
    // Fetched by a console that has ended since.
    if (isStagedSealed(record) && deps.stagingKeys.of(record.staged ?? '') === null)
      return ok({ record: { ...record, step: 'fetch' } });
    const packed = await packStep(deps, record, signal);
    if (!packed.ok) return packed;
    const { before } = packed.value.record;
    // What was compared with the host is what must be in the archive.
    if (before?.sha256 === record.fetched?.sha256) return packed;
    removeStaged(deps.stagingKeys, record);
    return ok({ record: { ...record, step: 'fetch' } });
  },
  verify: async (deps, record, signal) => {
    const now = await lookAtOld(deps, record, signal);
    if (!now.ok) return now;
    if (now.value === null) return err(appError('LOG_ROTATION_VANISHED', { file: record.working }));
    return ok({ record: isAsFetched(record, now.value) ? record : { ...record, step: 'release' } });
  },
  record: async (deps, record) => recordStep(deps, record),
  delete: async (deps, record, signal) => {
    const now = await lookAtOld(deps, record, signal);
    if (!now.ok) return now;
    if (now.value !== null && !isAsFetched(record, now.value))
      return ok({ record: { ...record, step: 'release' } });
    const removed = now.value === null ? ok(null) : await removeThere(deps, record, signal);
    if (!removed.ok) return removed;
    removeStaged(deps.stagingKeys, record);
    return ok({ record, note: removed.value });
  },
};

function hostOf(deps: RotateDeps, record: RotationRecord, signal: AbortSignal): Result<LogHost> {
  const { host } = record.spec;
  if (host === null || deps.hosts.login(host.login) === null)
    return err(appError('NOT_FOUND', { what: 'SSH login', id: host?.login ?? '' }));
  return ok(new LogHost(deps.hosts, host, signal));
}

const ranNote = (lines: readonly string[]): Bilingual => ({
  zh: `已在主机上执行：${lines.join('；')}`,
  en: `Ran on the host: ${lines.join('; ')}`,
});

async function lookAtOld(
  deps: RotateDeps,
  record: RotationRecord,
  signal: AbortSignal,
): Promise<Result<HostFile | null>> {
  const host = hostOf(deps, record, signal);
  return host.ok ? host.value.look(record.working) : host;
}

const isAsFetched = ({ place, stat }: RotationRecord, now: HostFile): boolean =>
  now.place === place && now.bytes === stat?.bytes && now.mtimeNs === stat.mtimeNs;

/**
 * Gives the old file its other name, and makes the new one where the policy says so. A connection that broke in between left one of
 * two states, which device and inode tell apart.
 *
 * @returns the lines that ran; null when the log was taken away by somebody else before: nothing was changed
 */
async function renameThere(host: LogHost, record: RotationRecord): Promise<Result<readonly string[] | null>> {
  const { working: old, place } = record;
  const log = record.remotePath ?? record.path;
  const lines: string[] = [];
  const before = await host.look(old);
  if (!before.ok) return before;
  if (before.value === null) {
    const standing = await host.look(log);
    if (!standing.ok) return standing;
    if (standing.value?.place !== place) return ok(null);
    const moved = await host.do(host.privileged({ id: 'log-rename', values: { log, old } }));
    if (!moved.ok) return moved;
    lines.push(moved.value.line);
  }
  // `mv -n` says nothing when it does nothing.
  const after = before.value === null ? await host.look(old) : before;
  if (!after.ok) return after;
  if (after.value?.place !== place) return err(appError('LOG_ROTATION_NAME_TAKEN', { file: old }));
  if (record.spec.create === null) return ok(lines);
  const fresh = await host.look(log);
  if (!fresh.ok) return fresh;
  // The writer may have been faster, and the file is its own.
  if (fresh.value !== null) return ok(lines);
  const made = await host.run(host.privileged({ id: 'log-create', values: { log, old } }));
  if (!made.ok) return made;
  const there = await host.look(log);
  if (!there.ok) return there;
  return there.value === null
    ? host.failed(`cp ${log}`, made.value)
    : ok([...lines, `cp --attributes-only ${log}`]);
}

async function holdersThere(
  host: LogHost,
  { working }: RotationRecord,
): Promise<Result<{ readonly who: readonly string[]; readonly isPartial: boolean; readonly stamp: string }>> {
  const name = basename(working);
  const call = host.privileged({ id: 'log-holders', values: { name } });
  const answer = await host.run(call);
  if (!answer.ok) return answer;
  // Processes that end while they are looked at make it end with 1; sudo and a missing program leave nothing else.
  const { code, stdout } = answer.value;
  if (code !== 0 && code !== 1) return host.failed('find /proc', answer.value);
  if (code === 1 && host.seesAll && /^sudo: /m.test(answer.value.stderr.toString('utf8')))
    return host.failed('sudo find /proc', answer.value);
  const found = stdout
    .toString('utf8')
    .split('\n')
    .flatMap((line) => /^\/proc\/(\d+)\/(?:fd|map_files)\//.exec(line)?.[1] ?? []);
  const now = await host.look(working);
  if (!now.ok) return now;
  return ok({
    who: [...new Set(found)].map((pid) => `PID ${pid}`),
    isPartial: !host.seesAll,
    stamp: JSON.stringify(now.value),
  });
}

async function removeThere(
  deps: RotateDeps,
  record: RotationRecord,
  signal: AbortSignal,
): Promise<Result<Bilingual>> {
  const host = hostOf(deps, record, signal);
  if (!host.ok) return host;
  const removed = await host.value.do(
    host.value.privileged({ id: 'log-remove', values: { old: record.working } }),
  );
  return removed.ok ? ok(ranNote([removed.value.line])) : removed;
}
