import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import * as z from 'zod';
import type { AreaHandlers, RequestInput } from '#shared/contract/index.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { diskSpace } from '../platform/disk.ts';
import { type DocumentSigner, openSigner } from '../platform/signing.ts';
import { writeFileDurably } from '../storage/durable.ts';
import {
  missingRestore,
  planFile,
  type RestoreContext,
  type RestoreDeps,
  removePlanFile,
  safetyFolder,
} from './context.ts';
import { checkEvidence } from './evidence.ts';
import { describeHost, givesOwnersOn, type HostPlace, hostPlace, lookAtHostTarget } from './host/place.ts';
import { localAccounts, unknownOwners } from './owners.ts';
import { cleanArchivePath, type TargetPlace } from './paths.ts';
import { computePlan, type PlanDraft } from './plan-job.ts';
import { openPlanStore } from './plan-store.ts';
import type { PlanTaskData } from './plan-task.ts';
import { changedSince, lookAtTarget, readyItems } from './ready-check.ts';
import { openRestoreRecords } from './records.ts';
import { startRestore } from './run-job.ts';
import { createUndoHandlers, toState } from './undo.ts';

/** Guided restores: plan, run, prove, undo. */
export type RestoreArea = {
  readonly handlers: AreaHandlers<'restore'>;
  /** Points that restores read which are going on or can be resumed. */
  readonly pointsInUse: () => ReadonlySet<string>;
  /** The engine is ending: restores that are cancelled from now on were interrupted, not given up. */
  readonly close: () => void;
};

const FORGET_PLANS_MS = 7 * 86_400_000;

/** Makes the area; restores that an earlier engine did not finish are marked, so that they are offered again. */
export function createRestoreArea(deps: RestoreDeps): RestoreArea {
  mkdirSync(deps.folder, { recursive: true, mode: 0o700 });
  let closing = false;
  const context: RestoreContext = {
    ...deps,
    records: openRestoreRecords(deps.db),
    signer: signerOf(deps),
    isClosing: () => closing,
  };
  tidy(context);
  return {
    handlers: {
      ...createPlanHandlers(context),
      ...createRunHandlers(context),
      ...createUndoHandlers(context),
    },
    pointsInUse: () =>
      new Set(
        context.records
          .list()
          .filter(({ state }) => state === 'running' || state === 'verifying' || state === 'interrupted')
          .map(({ plan }) => plan.pointId),
      ),
    close: () => {
      closing = true;
    },
  };
}

/** Marks what was going on, and forgets plans that nobody started. */
function tidy({ records, clock, folder }: RestoreContext): void {
  records.markInterrupted();
  for (const record of records.list()) {
    if (record.state === 'planned' && clock.now() - record.plan.createdAt > FORGET_PLANS_MS) {
      removePlanFile(folder, record.id);
      records.remove(record.id);
    }
    // A power cut may have come between giving up safety copies and removing them.
    if ((record.safety?.discardedAt ?? null) !== null)
      rmSync(safetyFolder(folder, record.id), { recursive: true, force: true });
  }
}

function signerOf({ folder, logger }: RestoreDeps): () => DocumentSigner | null {
  let signer: DocumentSigner | null = null;
  return () => {
    try {
      signer ??= openSigner(join(folder, 'evidence-key.pem'), (file, pem) =>
        writeFileDurably(file, pem, 0o600),
      );
    } catch (thrown) {
      // Evidence without a signature is worth more than none.
      logger.log('error', 'evidence cannot be signed', { why: describeThrown(thrown) });
    }
    return signer;
  };
}

/** Where to, under which names, and whose: refused whole when any of it cannot be. */
function placeOf(input: RequestInput<'restore.plan'>, host: HostPlace | null): Result<TargetPlace> {
  const { targetDir, renames = [], strip = '', owners } = input;
  if (host === null && targetDir !== null && !isAbsolute(targetDir))
    return err(appError('RESTORE_TARGET_RELATIVE', { dir: targetDir }));
  const clean = renames.map(({ from, to }) => ({ from: cleanArchivePath(from), to: cleanArchivePath(to) }));
  const unsound = clean.findIndex(({ from, to }) => from === null || to === null);
  if (unsound >= 0) {
    const { from = '', to = '' } = renames[unsound] ?? {};
    return err(appError('RESTORE_NAME_UNSOUND', { name: clean[unsound]?.from === null ? from : to }));
  }
  const stripped = strip === '' ? '' : cleanArchivePath(strip);
  if (stripped === null) return err(appError('RESTORE_NAME_UNSOUND', { name: strip }));
  // Who is known on a host is seen when the plan is made.
  if (owners !== undefined && host === null) {
    const full = { mode: owners.mode ?? 'keep', users: owners.users ?? [], groups: owners.groups ?? [] };
    const unknown = unknownOwners(full, localAccounts());
    if (unknown.length > 0) return err(appError('RESTORE_OWNER_UNKNOWN', { names: unknown.join(', ') }));
  }
  const mapping = {
    ...(stripped === '' ? {} : { strip: stripped }),
    ...(clean.length === 0
      ? {}
      : { renames: clean.map(({ from, to }) => ({ from: from ?? '', to: to ?? '' })) }),
  };
  if (host !== null) return ok({ kind: 'folder', dir: host.dir, ...mapping });
  return ok(
    targetDir === null
      ? { kind: 'original', platform: process.platform, ...mapping }
      : { kind: 'folder', dir: resolve(targetDir), ...mapping },
  );
}

function createPlanHandlers(
  context: RestoreContext,
): Pick<
  AreaHandlers<'restore'>,
  'restore.plan' | 'restore.plan.get' | 'restore.plan.items' | 'restore.check'
> {
  const { records, jobs, points, clock, folder } = context;
  return {
    'restore.plan': async (input) => {
      const { pointId, selection, targetDir, overwrite, owners, appCheck, hosts, safetyCopy, toHost } = input;
      const host = toHost == null ? ok(null) : hostPlace(context.sshHosts, toHost, targetDir);
      if (!host.ok) return host;
      const place = placeOf(input, host.value);
      if (!place.ok) return place;
      const point = points.find(pointId);
      if (!point.ok) return point;
      const chain = points.chain(pointId);
      if (!chain.ok) return chain;
      const id = randomUUID();
      const draft: PlanDraft = {
        id,
        pointId,
        planName: point.value.plan,
        pointAt: point.value.startedAt,
        targetDir: place.value.kind === 'original' ? '/' : place.value.dir,
        original: targetDir === null,
        overwrite,
        selection,
        createdAt: clock.now(),
        owners,
        strip: place.value.strip ?? '',
        renames: [...(place.value.renames ?? [])],
        appCheck,
        hosts,
        undoOf: null,
        host: host.value === null ? null : describeHost(host.value),
        keepsSafety: safetyCopy,
      };
      const data: PlanTaskData = {
        file: planFile(folder, id),
        basis: {
          pointId,
          archives: chain.value.map(({ archivePath, manifestSha256, copies }) => ({
            archivePath,
            manifestSha256,
            ...(copies === undefined ? {} : { copies }),
          })),
          place: place.value,
          overwrite,
          selection,
          owners,
          ...(safetyCopy ? { safetyDir: safetyFolder(folder, id) } : {}),
          ...(host.value === null
            ? {}
            : {
                host: {
                  login: host.value.login.id,
                  givesOwners: givesOwnersOn(host.value.login),
                  leading: points.leading(point.value.plan),
                },
              }),
        },
        expectedEntries: null,
        key: points.key(pointId),
      };
      const { files, directories, symlinks, hardLinks, special } = point.value.report;
      // Only a full's report counts all that stands at the point.
      const expected =
        point.value.type === 'full' ? files + directories + symlinks + hardLinks + special : null;
      const job = jobs.start({
        kind: 'restore-plan',
        title: { zh: `计算恢复预览“${draft.planName}”`, en: `Preview of restoring "${draft.planName}"` },
        link: '/recovery/restore',
        canPause: false,
        work: (control) => computePlan(context, control, draft, { name: 'restore.plan', data }, expected),
      });
      return ok({ jobId: job.id });
    },
    'restore.plan.get': ({ planId }) => {
      const record = records.get(planId);
      return record ? ok(record.plan) : missingRestore(planId);
    },
    'restore.plan.items': ({ planId, action, offset, limit }) => {
      if (records.get(planId) === null) return missingRestore(planId);
      const store = openPlanStore(planFile(folder, planId));
      if (!store.ok) return store;
      try {
        return ok(store.value.page(action, offset, limit));
      } finally {
        store.value.close();
      }
    },
    'restore.check': async ({ pointId, targetDir, toHost }, { signal }) => {
      const point = points.find(pointId);
      if (!point.ok) return point;
      const chain = points.chain(pointId);
      const items = readyItems(
        {
          point: point.value,
          chain: chain.ok ? chain.value : chain.error,
          changed: chain.ok ? await changedSince(chain.value, point.value.verifiedAt) : [],
          ...points.lock(pointId),
          target:
            toHost == null
              ? await worstTarget(targetDir === null ? points.sources(point.value.plan) : [targetDir])
              : await lookAtHostTarget(context.sshHosts, toHost, targetDir, signal),
          isRoot:
            toHost == null
              ? process.getuid?.() === 0
              : givesOwnersOn(context.sshHosts.logins().find(({ id }) => id === toHost)),
          running: records.list().filter(({ state }) => state === 'running' || state === 'verifying').length,
        },
        clock.now(),
      );
      return ok({ items: [...items], ready: items.every((item) => item.state !== 'blocked') });
    },
  };
}

function createRunHandlers(
  context: RestoreContext,
): Omit<
  AreaHandlers<'restore'>,
  keyof ReturnType<typeof createPlanHandlers> | keyof ReturnType<typeof createUndoHandlers>
> {
  const { records, folder } = context;
  return {
    'restore.start': async ({ planId, confirm }) => {
      const record = records.get(planId);
      if (record === null) return missingRestore(planId);
      if (record.state !== 'planned') return err(appError('RESTORE_ALREADY_RUNNING'));
      const { confirmWord } = record.plan;
      if (confirm.trim() !== confirmWord)
        return err(appError('RESTORE_NOT_CONFIRMED', { word: confirmWord }));
      const room = await roomFor(record.plan);
      return room.ok ? ok({ restoreId: planId, jobId: startRestore(context, record) }) : room;
    },
    'restore.resume': ({ restoreId }) => {
      const record = records.get(restoreId);
      if (record === null) return missingRestore(restoreId);
      // One that ended with files missing may try these again, when the cause is gone.
      const isIncomplete = () => records.evidence(restoreId)?.outcome === 'with_failures';
      const resumable =
        ['interrupted', 'failed', 'cancelled'].includes(record.state) ||
        (record.state === 'done' && isIncomplete());
      if (!resumable || !existsSync(planFile(folder, restoreId)))
        return err(appError('RESTORE_ALREADY_RUNNING'));
      return ok({ jobId: startRestore(context, record) });
    },
    'restore.list': () => {
      const undone = records.undone();
      return ok({ restores: records.list().map((record) => toState(context, record, undone)) });
    },
    'restore.get': ({ restoreId }) => {
      const record = records.get(restoreId);
      return record ? ok(toState(context, record, records.undone())) : missingRestore(restoreId);
    },
    'restore.evidence': ({ restoreId }) =>
      records.get(restoreId) === null
        ? missingRestore(restoreId)
        : ok({ evidence: records.evidence(restoreId) }),
    'restore.verifyEvidence': ({ text }) => {
      let document: unknown;
      try {
        document = JSON.parse(text);
      } catch (thrown) {
        return err(appError('EVIDENCE_UNREADABLE', { why: describeThrown(thrown) }));
      }
      const parsed = z.looseObject({ restoreId: z.string(), sha256: z.string() }).safeParse(document);
      if (!parsed.success)
        return err(appError('EVIDENCE_UNREADABLE', { why: parsed.error.issues[0]?.message ?? 'shape' }));
      const check = checkEvidence(parsed.data);
      return ok({ ...check, ownKey: check.signed && check.fingerprint === context.signer()?.fingerprint });
    },
  };
}

/** Whether there is room for what is written, and for what is kept of the files that it replaces. */
async function roomFor(plan: {
  readonly neededBytes: number;
  readonly freeBytes: number;
  readonly targetDir: string;
  readonly original: boolean;
  readonly host: object | null;
  readonly safety: { readonly method: string; readonly bytes: number; readonly dir: string } | null;
}): Promise<Result<object>> {
  const { neededBytes, safety } = plan;
  const free = plan.original || plan.host !== null ? plan.freeBytes : await spaceAt(plan.targetDir);
  if (free < neededBytes)
    return err(appError('RESTORE_NO_SPACE', { needed: formatBytes(neededBytes), free: formatBytes(free) }));
  if (safety?.method !== 'copy') return ok({});
  const freeHere = await spaceAt(safety.dir);
  return freeHere < safety.bytes
    ? err(
        appError('RESTORE_SAFETY_NO_SPACE', {
          needed: formatBytes(safety.bytes),
          free: formatBytes(freeHere),
          dir: safety.dir,
        }),
      )
    : ok({});
}

/** The target that stands worst: one that cannot be written before all others, then the fullest. */
async function worstTarget(dirs: readonly string[]) {
  const looked = await Promise.all(
    (dirs.length === 0 ? ['/'] : dirs).map((dir) => lookAtTarget(resolve(dir))),
  );
  const [worst] = looked.toSorted((a, b) =>
    (a.why === null) === (b.why === null) ? a.freeBytes - b.freeBytes : a.why === null ? 1 : -1,
  );
  return worst ?? { dir: '/', why: null, freeBytes: 0 };
}

/** Free bytes where something will be written; the folder itself need not exist yet. */
async function spaceAt(dir: string): Promise<number> {
  let at = dir;
  while (!existsSync(at) && resolve(at, '..') !== at) at = resolve(at, '..');
  return (await diskSpace(at)).freeBytes;
}
