import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { RequestInput, RequestName, RequestOutput } from '#shared/contract/index.ts';
import type { Job } from '#shared/contract/jobs.ts';
import { logsRotationRequests } from '#shared/contract/logs-rotation.ts';
import type { RotationPolicyInput } from '#shared/contract/logs-rotation-policy.ts';
import type { RotationStep } from '#shared/contract/logs-rotation-runs.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { ageSegments } from '../../../../main/engine/age-segments.ts';
import { createRotationArea, type RotationArea } from '../../../../main/engine/logs/rotate/area.ts';
import type { RotationHosts } from '../../../../main/engine/logs/rotate/host.ts';
import { systemClock } from '../../../../main/engine/platform/clock.ts';
import { commandEnvironment } from '../../../../main/engine/platform/command/environment.ts';
import { runCommand } from '../../../../main/engine/platform/command/run-command.ts';
import { createJobRegistry } from '../../../../main/engine/platform/jobs.ts';
import { openSigner } from '../../../../main/engine/platform/signing.ts';
import { systemTimers } from '../../../../main/engine/platform/timers.ts';
import { consoleMigrations } from '../../../../main/engine/storage/console-migrations/index.ts';
import { writeFileDurably } from '../../../../main/engine/storage/durable.ts';
import { openWritable, type WritableDb } from '../../../../main/engine/storage/sqlite.ts';
import { silentLogger } from '../../../helpers/silent-logger.ts';
import { callContext } from '../helpers.ts';
import { peer } from '../peers.ts';
import { inlineTasks } from './inline-tasks.ts';

type Name = Extract<RequestName, `rotation.${string}`>;

/** A rotation area on a data folder of its own. */
export type TestRotation = {
  readonly area: RotationArea;
  readonly archive: string;
  readonly call: <N extends Name>(name: N, input: RequestInput<N>) => Promise<RequestOutput<N>>;
  /** Rotates by hand, or only what is due, tries failed ones again, and waits for the end. */
  readonly run: (name?: string, onlyDue?: boolean) => Promise<Job>;
  readonly close: () => Promise<void>;
};

const noHosts: RotationHosts = {
  withFiles: async () => err(appError('NOT_FOUND', { what: 'SSH login', id: '' })),
  login: () => null,
  run: async () => err(appError('NOT_FOUND', { what: 'SSH login', id: '' })),
  line: () => null,
  sudoers: () => null,
};

/** Opens the area; the same folder may be opened again after closing, or after a kill. */
export function openRotation(
  dir: string,
  options: {
    readonly archive?: string;
    readonly watching?: boolean;
    readonly identities?: readonly string[];
    readonly stepDone?: (step: RotationStep) => void;
    /** Hosts over SSH, from the same console.db. */
    readonly hosts?: (db: WritableDb) => RotationHosts;
    readonly drain?: (path: string) => Promise<Result<unknown>>;
    readonly now?: () => number;
  } = {},
): TestRotation {
  mkdirSync(dir, { recursive: true });
  const archive = options.archive ?? join(dir, 'archive');
  const db = openWritable(join(dir, 'console.db'), { migrations: consoleMigrations, synchronous: 'FULL' });
  if (!db.ok) throw new Error(db.error.message.en);
  const clock = options.now === undefined ? systemClock : { ...systemClock, now: options.now };
  const jobs = createJobRegistry(clock, silentLogger, () => undefined);
  const area = createRotationArea({
    db: db.value,
    archive,
    clock,
    timers: systemTimers,
    logger: silentLogger,
    tasks: inlineTasks,
    jobs,
    broadcast: () => undefined,
    signer: () => openSigner(join(dir, 'evidence-key.pem'), (file, pem) => writeFileDurably(file, pem)),
    cipher: ageSegments,
    keys: () => ({ identities: options.identities ?? [] }),
    writer: {
      run: (file, args, timeoutMs, signal) =>
        runCommand({ run: { file, args }, env: commandEnvironment(), timeoutMs, signal }, systemTimers),
      kill: (pid, name) => {
        process.kill(pid, name);
      },
    },
    hosts: options.hosts?.(db.value) ?? noHosts,
    drain: options.drain ?? (async () => ok({})),
    intake: () => null,
    freeBytes: async () => null,
    retentionChanged: () => undefined,
    watching: options.watching ?? false,
    ...(options.stepDone === undefined ? {} : { stepDone: options.stepDone }),
  });
  const call: TestRotation['call'] = async (name, input) => {
    const spec = logsRotationRequests[name];
    const handler = area.handlers[name] as (params: unknown, context: unknown) => unknown;
    const outcome = (await handler(spec.input.parse(input), callContext())) as Result<never>;
    if (!outcome.ok) throw Object.assign(new Error(outcome.error.message.en), { appError: outcome.error });
    return spec.output.parse(outcome.value) as never;
  };
  return {
    area,
    archive,
    call,
    run: async (name, onlyDue = false) => {
      const { jobId } = await call('rotation.run', { onlyDue, ...(name === undefined ? {} : { name }) });
      return jobs.ended(jobId);
    },
    close: async () => {
      await jobs.close();
      await area.close();
      db.value.close();
    },
  };
}

/** What a segment holds, by the tools of Debian alone. */
export function unpacked(file: string): string {
  if (file.endsWith('.gz')) return gunzipSync(readFileSync(file)).toString('utf8');
  if (!file.endsWith('.zst')) return readFileSync(file, 'utf8');
  return execFileSync(peer('zstd', 'zstd'), ['-dcq', file], { encoding: 'utf8', maxBuffer: 1 << 30 });
}

/** Puts a policy. */
export async function putPolicy(rotation: TestRotation, policy: RotationPolicyInput): Promise<void> {
  await rotation.call('rotation.policies.put', policy);
}
