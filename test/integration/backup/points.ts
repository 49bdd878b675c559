import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupType } from '#shared/contract/backup.ts';
import type { RunMade } from '../../../main/engine/backup/finish-point.ts';
import type { ParentRef } from '../../../main/engine/backup/manifest.ts';
import { type RunTask, runBackup, runTaskSchema } from '../../../main/engine/backup/run-task.ts';
import type { ChainLink } from '../../../main/engine/backup/state-index.ts';
import { synthesize } from '../../../main/engine/backup/synthetic/synthesize-task.ts';
import type { TaskContext } from '../../../main/engine/platform/worker-tasks.ts';
import { inlineTasks } from './inline-tasks.ts';
import { value } from './tools.ts';

/** A point that a test made, with all it builds on, the full first and itself last. */
export type MadePoint = RunMade & { readonly id: string; readonly chain: readonly ChainLink[] };

/** A task context that nobody listens to. */
export const quiet: TaskContext = {
  signal: new AbortController().signal,
  post: () => undefined,
  onMessage: () => undefined,
  start: inlineTasks,
};

/** Makes points by the run's own task, without plans and catalogue. */
export type PointMaker = {
  readonly target: string;
  readonly indexDir: string;
  /** @param on what the point builds on; left out for a full */
  readonly make: (type: BackupType, on?: MadePoint, extra?: Partial<RunTask>) => Promise<MadePoint>;
  /** Makes a full of the point's chain. */
  readonly synthesize: (of: MadePoint) => Promise<MadePoint>;
};

/** How a point is named by those that build on it. */
export function refTo({ id, manifestSha256, archivePath }: ChainLink): ParentRef {
  return { id, manifestSha256, archive: archivePath.split('/').at(-1) ?? '' };
}

/** @param dir for the target and the indexes */
export function pointMaker(dir: string, sources: readonly string[]): PointMaker {
  const target = join(dir, 'target');
  const indexDir = join(dir, 'index');
  mkdirSync(target);
  mkdirSync(indexDir);
  let startedAt = Date.UTC(2026, 10, 22);
  return {
    target,
    indexDir,
    make: async (type, on, extra = {}) => {
      const id = randomUUID();
      startedAt += 3_600_000;
      const chain = on?.chain ?? [];
      const [base] = chain;
      const parent = chain.at(-1);
      const task = {
        id,
        plan: 'test',
        type,
        parent: parent === undefined ? null : refTo(parent),
        base: base === undefined ? null : refTo(base),
        host: 'h',
        tool: 't',
        startedAt,
        sources: [...sources],
        exclude: [],
        targetDir: target,
        indexDir,
        chain: [...chain],
        changeDetection: 'metadata',
        reasons: [],
        expectedBytes: null,
        placed: [],
        lacking: [],
        encryption: null,
        previousId: parent?.id ?? null,
        ...extra,
      };
      const made = value(await runBackup(runTaskSchema.parse(task), quiet));
      const { archivePath, manifestSha256 } = made;
      return { ...made, id, chain: [...chain, { id, archivePath, manifestSha256 }] };
    },
    synthesize: async ({ chain }) => {
      const id = randomUUID();
      const last = chain.at(-1);
      if (last === undefined) throw new Error('a point without a chain');
      const task = {
        id,
        plan: 'test',
        tool: 't',
        of: refTo(last),
        startedAt,
        at: startedAt + 1000,
        chain: [...chain],
        targetDir: target,
        indexDir,
        identities: [],
        encryption: null,
        reasons: [],
        expectedBytes: null,
      };
      const made = value(await synthesize(task, quiet));
      const { archivePath, manifestSha256 } = made;
      return { ...made, id, chain: [{ id, archivePath, manifestSha256 }] };
    },
  };
}
