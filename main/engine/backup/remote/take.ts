import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { REMOTE_FOLDER, type RemoteSource, type RunStep } from '#shared/contract/backup-sources.ts';
import type { JobProgress } from '#shared/contract/jobs.ts';
import { anyGlob } from '#shared/domain/glob.ts';
import { type AppError, appError, type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';
import { throttleOf } from '../limits/throttle.ts';
import { beginStep, endStep, type SourcesContext } from '../sources/context.ts';
import { privateFolder } from '../sources/dump-folder.ts';
import { type MirrorReport, mirrorHost } from './mirror.ts';

/** Which run asks. */
export type RemoteRun = {
  readonly pointId: string;
  readonly plan: string;
  readonly exclude: readonly string[];
  readonly bytesPerSecond: number | null;
  readonly signal: AbortSignal;
  readonly progress: (progress: JobProgress) => void;
};

/** The mirror of a source that is up to date, and single paths of it that are not. */
export type TakenRemote = {
  readonly real: string;
  readonly path: string;
  readonly lacking: readonly { readonly path: string; readonly error: AppError }[];
};

/** The folder of a plan's mirrors. */
function mirrorsOf({ mirrorDir }: SourcesContext, plan: string): string {
  return join(mirrorDir, plan);
}

/** Removes mirrors that no source of the plan has any more; all of them when it has none. */
export function dropMirrors(context: SourcesContext, plan: string, kept: readonly RemoteSource[]): void {
  const folder = mirrorsOf(context, plan);
  if (!existsSync(folder)) return;
  const names = new Set(kept.map(({ name }) => name));
  for (const name of readdirSync(folder))
    if (!names.has(name)) rmSync(join(folder, name), { recursive: true, force: true });
  if (kept.length === 0) rmSync(folder, { recursive: true, force: true });
}

/** Brings the mirror of one source up to date, as a step of the run. */
export async function takeRemote(
  context: SourcesContext,
  source: RemoteSource,
  run: RemoteRun,
): Promise<Result<TakenRemote>> {
  const { pointId, plan } = run;
  const [stepId] = context.steps.add([{ pointId, plan, kind: 'remote', what: source.name }]);
  if (stepId === undefined) throw new Error('no step was written');
  beginStep(context, pointId, stepId);
  const real = join(mirrorsOf(context, plan), source.name);
  const path = `${REMOTE_FOLDER}/${source.name}`;
  privateFolder(context.mirrorDir);
  privateFolder(mirrorsOf(context, plan));
  const mirrored = await mirror(context, source, run, real);
  const result =
    mirrored.ok && mirrored.value.files === 0 && mirrored.value.skipped[0] !== undefined
      ? err(mirrored.value.skipped[0].error)
      : mirrored;
  endStep(context, pointId, stepId, {
    state: result.ok ? 'done' : 'failed',
    exitCode: null,
    output: '',
    error: result.ok ? null : result.error,
    remote: result.ok ? factsOf(result.value) : null,
  });
  if (!result.ok) return result;
  const lacking = result.value.skipped.map((one) => ({ path: `${path}/${one.path}`, error: one.error }));
  return ok({ real, path, lacking });
}

function mirror(
  context: SourcesContext,
  source: RemoteSource,
  run: RemoteRun,
  folder: string,
): Promise<Result<MirrorReport>> {
  const { clock, withRemoteFiles } = context;
  const since = clock.monotonic();
  const throttle = throttleOf(run.bytesPerSecond, { monotonic: () => clock.monotonic(), sleep });
  let bytes = 0;
  return withRemoteFiles(source.login, run.signal, (files) =>
    mirrorHost(files, {
      name: source.name,
      paths: source.paths,
      excluded: anyGlob(run.exclude),
      folder,
      owners: { keepsOwners: process.getuid?.() === 0 },
      signal: run.signal,
      took: async (count, path) => {
        bytes += count;
        const seconds = (clock.monotonic() - since) / 1000;
        run.progress({
          phase: { zh: '读取远程目录', en: 'Fetching folders of hosts' },
          done: bytes,
          total: null,
          unit: 'bytes',
          rate: seconds > 0 ? bytes / seconds : 0,
          etaMs: null,
          current: `${source.name}:${path}`,
          filesDone: 0,
        });
        await throttle(count);
      },
    }),
  );
}

function factsOf(report: MirrorReport): NonNullable<RunStep['remote']> {
  const { files, bytes, fetchedFiles, fetchedBytes, skipped, changing } = report;
  const notes: Bilingual[] = [];
  const [firstSkipped] = skipped;
  if (firstSkipped !== undefined)
    notes.push({
      zh: `${skipped.length} 个路径未能读取，例如 /${firstSkipped.path}：${firstSkipped.error.message.zh}`,
      en: `${skipped.length} paths could not be read, such as /${firstSkipped.path}: ${firstSkipped.error.message.en}`,
    });
  if (changing[0] !== undefined)
    notes.push({
      zh: `${changing.length} 个文件读取时一直在变化，保存的是开始读取时的部分，例如 /${changing[0]}`,
      en: `${changing.length} files changed whenever they were read; kept is what was there when the reading began, such as /${changing[0]}`,
    });
  if (process.getuid?.() !== 0)
    notes.push({
      zh: '控制台没有以 root 运行，因此未保存文件的属主。',
      en: 'The console does not run as root, so that the owners of the files are not kept.',
    });
  return { files, bytes, fetchedFiles, fetchedBytes, notes };
}

/** Stands in where no connection to hosts exists. */
export const noRemoteFiles: SourcesContext['withRemoteFiles'] = async () =>
  err(appError('BACKUP_REMOTE_FAILED', { name: 'ssh', why: 'no connections to hosts here' }));
