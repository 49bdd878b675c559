import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  DATABASES_FOLDER,
  type DatabaseSource,
  type Hooks,
  type Offline,
  REMOTE_FOLDER,
  type RemoteSource,
} from '#shared/contract/backup-sources.ts';
import type { JobProgress } from '#shared/contract/jobs.ts';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { dropMirrors, takeRemote } from '../remote/take.ts';
import { beginStep, endStep, type SourcesContext } from './context.ts';
import { takeDatabase } from './databases.ts';
import { privateFolder, type Taken } from './dump-folder.ts';
import { runHook } from './hooks.ts';
import { serviceRuns, startService, stopService } from './service.ts';
import type { HostUnit } from './service-command.ts';

/** What a plan has besides files. */
export type SourcesSpec = {
  readonly hooks: Hooks | null;
  readonly offline: Offline | null;
  readonly databases: readonly DatabaseSource[];
  readonly remotes: readonly RemoteSource[];
  /** What of the hosts' folders is left out, and how fast they may be read. */
  readonly exclude: readonly string[];
  readonly bytesPerSecond: number | null;
  /** True when the plan has files, too: then a run makes sense also when every database and host fails. */
  readonly hasFiles: boolean;
};

/** Which run it is for. */
export type SourcesRun = {
  readonly id: string;
  readonly plan: string;
  readonly type: string;
  readonly targetDir: string;
  readonly archive: string;
};

/** Something that lies elsewhere on this machine than in the archive. */
export type Placed = { readonly real: string; readonly path: string };

/** What the thread that writes the archive is told. */
export type Prepared = {
  readonly placed: readonly Placed[];
  /** Paths in the archive of what could not be taken. */
  readonly lacking: readonly { readonly path: string; readonly error: AppError }[];
};

/** How a run ended, as its after-hook is told. */
export type RunResult = 'ok' | 'failed' | 'cancelled';

const ofHost = (host: HostUnit | null): { host?: HostUnit } => (host === null ? {} : { host });

const NOTHING: Prepared = { placed: [], lacking: [] };

/**
 * What happens around the reading of files, in this order: before-hook, stop of the service, dumps of databases, folders of hosts, (files),
 * start of the service, after-hook. What is begun is ended, whatever happens: it is written down before it begins.
 */
export class RunSources {
  readonly #context: SourcesContext;
  readonly #spec: SourcesSpec;
  readonly #run: SourcesRun;
  readonly #env: Readonly<Record<string, string>>;
  #afterStep: number | null = null;
  #startStep: number | null = null;
  #starting: Promise<Result<object>> | null = null;
  #lacking: readonly { readonly name: string; readonly error: AppError }[] = [];

  constructor(context: SourcesContext, spec: SourcesSpec, run: SourcesRun) {
    this.#context = context;
    this.#spec = spec;
    this.#run = run;
    this.#env = {
      HMTT_PLAN: run.plan,
      HMTT_POINT: run.id,
      HMTT_TYPE: run.type,
      HMTT_TARGET: run.targetDir,
      HMTT_ARCHIVE: run.archive,
    };
  }

  /** True when a run is no more than reading files. */
  get isIdle(): boolean {
    const { hooks, offline, databases, remotes } = this.#spec;
    return (
      (hooks?.before ?? null) === null &&
      (hooks?.after ?? null) === null &&
      offline === null &&
      databases.length === 0 &&
      remotes.length === 0
    );
  }

  /** Databases and hosts that are not in the point. */
  get lacking(): readonly { readonly name: string; readonly error: AppError }[] {
    return this.#lacking;
  }

  /**
   * Does what comes before the files are read.
   *
   * @returns where the dumps lie; why the run must not go on otherwise (then {@link finish} is still to be called)
   */
  async prepare(signal: AbortSignal, progress: (progress: JobProgress) => void): Promise<Result<Prepared>> {
    dropMirrors(this.#context, this.#run.plan, this.#spec.remotes);
    if (this.isIdle) return ok(NOTHING);
    const before = await this.#before(signal);
    if (!before.ok) return before;
    const stopped = await this.#stop(signal);
    if (!stopped.ok) return stopped;
    return this.#takeAll(signal, progress);
  }

  async #before(signal: AbortSignal): Promise<Result<object>> {
    const { hooks } = this.#spec;
    if (hooks === null) return ok({});
    const { before, after, timeoutMs } = hooks;
    const { id: pointId, plan } = this.#run;
    const env = this.#env;
    // One transaction: there is no moment at which the first has begun and the second is not owed.
    const ids = this.#context.steps.add([
      ...(after === null
        ? []
        : [
            {
              pointId,
              plan,
              kind: 'after' as const,
              what: after,
              task: { command: after, check: null, timeoutMs, env },
            },
          ]),
      ...(before === null ? [] : [{ pointId, plan, kind: 'before' as const, what: before }]),
    ]);
    if (after !== null) this.#afterStep = ids[0] ?? null;
    const stepId = ids.at(-1);
    if (before === null || stepId === undefined) return ok({});
    return runHook(this.#context, {
      kind: 'before',
      pointId,
      stepId,
      command: before,
      timeoutMs,
      env,
      signal,
    });
  }

  async #stop(signal: AbortSignal): Promise<Result<object>> {
    const { offline } = this.#spec;
    if (offline === null) return ok({});
    if (signal.aborted) return err(appError('CANCELLED'));
    const { stop, start, check, timeoutMs, host } = offline;
    const { id: pointId, plan } = this.#run;
    const env = this.#env;
    // A service that somebody has stopped stays stopped.
    const runs = await serviceRuns(this.#context, { check, host, env });
    // Where nobody can tell it is taken to run, so that its start is owed.
    if (runs === false) {
      const [stepId] = this.#context.steps.add([{ pointId, plan, kind: 'stop', what: stop }]);
      if (stepId === undefined) throw new Error('no step was written');
      beginStep(this.#context, pointId, stepId);
      const output =
        '服务本来就没有运行，备份后也不会启动它。 / The service did not run, and is not started afterwards.';
      endStep(this.#context, pointId, stepId, { state: 'done', exitCode: null, output, error: null });
      return ok({});
    }
    const [startStep, stopStep] = this.#context.steps.add([
      {
        pointId,
        plan,
        kind: 'start',
        what: start,
        task: { command: start, check, timeoutMs, env, ...ofHost(host) },
      },
      { pointId, plan, kind: 'stop', what: stop },
    ]);
    if (startStep === undefined || stopStep === undefined) throw new Error('no step was written');
    this.#startStep = startStep;
    return stopService(this.#context, {
      pointId,
      stepId: stopStep,
      stop,
      check,
      host,
      timeoutMs,
      env,
      signal,
    });
  }

  async #takeAll(signal: AbortSignal, progress: (progress: JobProgress) => void): Promise<Result<Prepared>> {
    const { databases, remotes, exclude, bytesPerSecond, hasFiles } = this.#spec;
    const placed: Placed[] = [];
    const lacking: { name: string; path: string; error: AppError }[] = [];
    const paths: { path: string; error: AppError }[] = [];
    for (const [index, source] of databases.entries()) {
      if (signal.aborted) return err(appError('CANCELLED'));
      const path = `${DATABASES_FOLDER}/${source.name}`;
      const folder = join(this.#spool, String(index));
      const taken = await this.#takeOne(source, folder, signal, progress);
      if (taken.ok) placed.push({ real: folder, path });
      else if (taken.error.code === 'CANCELLED') return taken;
      else {
        lacking.push({ name: source.name, path, error: taken.error });
        // A half dump is no dump, and its space is wanted.
        rmSync(folder, { recursive: true, force: true });
      }
    }
    for (const source of remotes) {
      if (signal.aborted) return err(appError('CANCELLED'));
      const { id: pointId, plan } = this.#run;
      const run = { pointId, plan, exclude, bytesPerSecond, signal, progress };
      const taken = await takeRemote(this.#context, source, run);
      if (taken.ok) {
        placed.push({ real: taken.value.real, path: taken.value.path });
        paths.push(...taken.value.lacking);
      } else if (taken.error.code === 'CANCELLED') return taken;
      else lacking.push({ name: source.name, path: `${REMOTE_FOLDER}/${source.name}`, error: taken.error });
    }
    this.#lacking = lacking;
    const [first] = lacking;
    if (first !== undefined && placed.length === 0 && !hasFiles) return err(first.error);
    return ok({ placed, lacking: [...lacking.map(({ path, error }) => ({ path, error })), ...paths] });
  }

  async #takeOne(
    source: DatabaseSource,
    folder: string,
    signal: AbortSignal,
    progress: (progress: JobProgress) => void,
  ): Promise<Result<Taken>> {
    const { id: pointId, plan } = this.#run;
    const [stepId] = this.#context.steps.add([{ pointId, plan, kind: 'database', what: source.name }]);
    if (stepId === undefined) throw new Error('no step was written');
    beginStep(this.#context, pointId, stepId);
    privateFolder(this.#context.spoolDir);
    privateFolder(this.#spool);
    const since = this.#context.clock.monotonic();
    const taken = await takeDatabase(
      source,
      {
        folder,
        signal,
        progress: (bytes, total) => {
          const seconds = (this.#context.clock.monotonic() - since) / 1000;
          progress({
            phase: { zh: '导出数据库', en: 'Dumping databases' },
            done: bytes,
            total: total === null ? null : Math.max(total, bytes),
            unit: 'bytes',
            rate: seconds > 0 ? bytes / seconds : 0,
            etaMs: null,
            current: source.name,
            filesDone: 0,
          });
        },
      },
      this.#context,
    );
    endStep(this.#context, pointId, stepId, {
      state: taken.ok ? 'done' : 'failed',
      exitCode: null,
      output: taken.ok ? '' : (taken.error.detail ?? ''),
      error: taken.ok ? null : taken.error,
      database: taken.ok
        ? {
            kind: source.kind,
            count: taken.value.dump.databases.length,
            bytes: taken.value.dump.databases.reduce((sum, { bytes }) => sum + bytes, 0),
            server: taken.value.dump.server,
            tool: taken.value.dump.tool,
            notes: [...taken.value.notes],
          }
        : null,
    });
    return taken;
  }

  get #spool(): string {
    return join(this.#context.spoolDir, this.#run.id);
  }

  /** All is read: the service may run again, while what was written is still being checked. */
  sourcesRead(): void {
    if (this.#startStep === null || this.#starting !== null || this.#spec.offline === null) return;
    const { start, check, timeoutMs, host } = this.#spec.offline;
    this.#starting = startService(this.#context, {
      pointId: this.#run.id,
      stepId: this.#startStep,
      task: { command: start, check, timeoutMs, env: this.#env, ...ofHost(host) },
    });
  }

  /**
   * Does what is owed, however the run ended: starts the service, runs the after-hook, removes the dumps.
   *
   * @returns what of it went wrong; null when nothing did
   */
  async finish(result: RunResult): Promise<AppError | null> {
    this.sourcesRead();
    try {
      rmSync(this.#spool, { recursive: true, force: true });
    } catch (thrown) {
      this.#context.logger.log('warn', 'dumps could not be removed', { thrown: describeThrown(thrown) });
    }
    const started = this.#starting === null ? ok({}) : await this.#starting;
    const { hooks } = this.#spec;
    const isOwed = this.#afterStep !== null && hooks !== null && hooks.after !== null;
    const after = isOwed
      ? await runHook(this.#context, {
          kind: 'after',
          pointId: this.#run.id,
          stepId: this.#afterStep ?? 0,
          command: hooks.after ?? '',
          timeoutMs: hooks.timeoutMs,
          env: { ...this.#env, HMTT_RESULT: result },
        })
      : ok({});
    if (!started.ok) return started.error;
    return after.ok ? null : after.error;
  }
}
