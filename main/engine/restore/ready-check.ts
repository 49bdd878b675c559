import { access, constants, lstat, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RestorePoint } from '#shared/contract/backup.ts';
import type { ReadyItem } from '#shared/contract/restore.ts';
import { type AppError, describeThrown } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { diskSpace } from '../platform/disk.ts';
import type { ArchiveRef } from './types.ts';

/** What is looked at before a restore. */
export type ReadyFacts = {
  readonly point: RestorePoint;
  /** The archives that are read, or why they cannot be. */
  readonly chain: readonly ArchiveRef[] | AppError;
  /** Archives that were written to after they were verified. */
  readonly changed: readonly string[];
  /** Why the point cannot be opened for want of a key; null when it can. */
  readonly key: AppError | null;
  readonly isEncrypted: boolean;
  readonly target: { readonly dir: string; readonly why: string | null; readonly freeBytes: number };
  readonly isRoot: boolean;
  /** Other restores that are going on. */
  readonly running: number;
};

const WEEK_MS = 7 * 86_400_000;

/** Says of each thing that a restore needs how it stands. Pure. */
export function readyItems(facts: ReadyFacts, now: number): readonly ReadyItem[] {
  const { point, chain, changed, key, target } = facts;
  const items: ReadyItem[] = [verifiedItem(point, now)];
  if (changed.length > 0)
    items.push({
      id: 'changed',
      state: 'warning',
      text: {
        zh: `归档在校验之后被改动过：${changed[0]}。请重新校验。`,
        en: `The archive was written to after it was verified: ${changed[0]}. Verify it again.`,
      },
    });
  if ('code' in chain) items.push({ id: 'media', state: 'blocked', text: chain.message });
  else
    items.push({
      id: 'media',
      state: 'ok',
      text: {
        zh: `所需的 ${chain.length} 个归档都在手边。`,
        en: `All ${chain.length} archives that are needed are at hand.`,
      },
    });
  if (facts.isEncrypted)
    items.push(
      key === null
        ? { id: 'key', state: 'ok', text: { zh: '密钥已解锁。', en: 'The key is unlocked.' } }
        : { id: 'key', state: 'blocked', text: key.message },
    );
  items.push(
    target.why === null
      ? {
          id: 'target',
          state: 'ok',
          text: {
            zh: `目标可写，剩余 ${formatBytes(target.freeBytes)}。`,
            en: `The target can be written; ${formatBytes(target.freeBytes)} are free.`,
          },
        }
      : {
          id: 'target',
          state: 'blocked',
          text: {
            zh: `目标“${target.dir}”不可写：${target.why}`,
            en: `The target "${target.dir}" cannot be written: ${target.why}`,
          },
        },
  );
  if (target.why === null && point.type === 'full' && target.freeBytes < point.report.bytes)
    items.push({
      id: 'space',
      state: 'warning',
      text: {
        zh: `全部恢复需要 ${formatBytes(point.report.bytes)}，目标只剩 ${formatBytes(target.freeBytes)}。`,
        en: `Everything takes ${formatBytes(point.report.bytes)}; ${formatBytes(target.freeBytes)} are free at the target.`,
      },
    });
  if (!facts.isRoot)
    items.push({
      id: 'owners',
      state: 'warning',
      text: {
        zh: '控制台不是以管理员身份运行：恢复的文件归当前用户所有。',
        en: 'The console does not run as administrator: restored files will belong to the current user.',
      },
    });
  if (facts.running > 0)
    items.push({
      id: 'others',
      state: 'warning',
      text: {
        zh: `另有 ${facts.running} 个恢复正在进行。`,
        en: `${facts.running} other restores are running.`,
      },
    });
  return items;
}

function verifiedItem(point: RestorePoint, now: number): ReadyItem {
  if (point.verifyError !== null || point.state === 'broken')
    return {
      id: 'verified',
      state: 'warning',
      text: {
        zh: '校验发现这个恢复点有损坏；完好的文件仍可恢复，损坏的会逐个指出。',
        en: 'Verification found damage in this point; what is intact can be restored, the rest is named.',
      },
    };
  if (point.verifiedAt === null)
    return {
      id: 'verified',
      state: 'warning',
      text: { zh: '这个恢复点从未校验过。', en: 'This point was never verified.' },
    };
  // Local time as every page writes it; Swedish has the order of ISO 8601 without its letters.
  const at = new Date(point.verifiedAt).toLocaleString('sv-SE');
  return {
    id: 'verified',
    state: now - point.verifiedAt > 4 * WEEK_MS ? 'warning' : 'ok',
    text: { zh: `上次校验：${at}。`, en: `Last verified ${at}.` },
  };
}

/** Archives whose file was written to after the point was verified: the stamp does not count for them. */
export async function changedSince(
  archives: readonly ArchiveRef[],
  verifiedAt: number | null,
): Promise<readonly string[]> {
  if (verifiedAt === null) return [];
  const changed: string[] = [];
  for (const { archivePath } of archives) {
    try {
      if ((await stat(archivePath)).mtimeMs > verifiedAt) changed.push(archivePath);
    } catch {
      // It is not at hand; the check of the media says so.
    }
  }
  return changed;
}

/** Whether a folder (or the nearest one above that exists) can be written, and what is free there. */
export async function lookAtTarget(dir: string): Promise<ReadyFacts['target']> {
  let at = dir;
  for (;;) {
    try {
      const stats = await lstat(at);
      const folder = stats.isSymbolicLink() ? await stat(at) : stats;
      // A source may be a single file: its folder is what is written to.
      if (folder.isDirectory()) break;
      if (!folder.isFile() || at !== dir) return { dir: at, why: 'ENOTDIR', freeBytes: 0 };
      at = dirname(at);
      break;
    } catch (thrown) {
      const code = (thrown as { readonly code?: unknown }).code;
      if (code !== 'ENOENT' || dirname(at) === at)
        return { dir: at, why: describeThrown(thrown), freeBytes: 0 };
      at = dirname(at);
    }
  }
  try {
    await access(at, constants.W_OK);
    return { dir: at, why: null, freeBytes: (await diskSpace(at)).freeBytes };
  } catch (thrown) {
    return { dir: at, why: describeThrown(thrown), freeBytes: 0 };
  }
}
