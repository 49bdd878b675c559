import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as z from 'zod';
import type { CallContext, EventPayload } from '#shared/contract/index.ts';
import { logsRequests as readingRequests } from '#shared/contract/logs.ts';
import { logsSearchRequests } from '#shared/contract/logs-search.ts';
import { logsSourcesRequests } from '#shared/contract/logs-sources.ts';
import { createLogsArea, type LogsArea } from '../../../main/engine/logs/area.ts';
import type { RemoteHosts } from '../../../main/engine/logs/receive/pulls.ts';
import type { RuleExpressions } from '../../../main/engine/logs/renames.ts';
import { systemClock } from '../../../main/engine/platform/clock.ts';
import { createJobRegistry, type JobRegistry } from '../../../main/engine/platform/jobs.ts';
import { systemTimers } from '../../../main/engine/platform/timers.ts';
import { threadTasks } from '../../../main/engine/platform/worker-tasks.ts';
import { consoleMigrations } from '../../../main/engine/storage/console-migrations/index.ts';
import { openWritable } from '../../../main/engine/storage/sqlite.ts';
import { PATIENCE_MS } from '../../helpers/patience.ts';
import { silentLogger } from '../../helpers/silent-logger.ts';

const logsRequests = { ...readingRequests, ...logsSourcesRequests, ...logsSearchRequests };
type Requests = typeof logsRequests;
type Name = keyof Requests;

/** An area on a folder of its own, called as a client calls it: input validated, output checked. */
export type TestArea = {
  readonly area: LogsArea;
  readonly jobs: JobRegistry;
  readonly call: <N extends Name>(
    name: N,
    input: z.input<Requests[N]['input']>,
    context?: Partial<CallContext>,
  ) => Promise<z.output<Requests[N]['output']>>;
  readonly close: () => Promise<void>;
};

/** A folder that is removed when the test is over. */
export function tempFolder(): { readonly dir: string; readonly remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'hmtt-logs-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** A call context whose events go to `heard`. */
export function callContext(
  heard: (payload: EventPayload<'logs.tail'>) => void = () => undefined,
  closed: AbortSignal = new AbortController().signal,
): CallContext {
  return {
    signal: new AbortController().signal,
    closed,
    emit: (event, payload) => {
      if (event === 'logs.tail') heard(payload as EventPayload<'logs.tail'>);
    },
  };
}

/** Opens an area on a data folder; the same folder may be opened again after closing. */
export function openArea(
  dir: string,
  watching = true,
  remoteHosts?: RemoteHosts,
  ruleGroups?: RuleExpressions,
): TestArea {
  const db = openWritable(join(dir, 'console.db'), { migrations: consoleMigrations, synchronous: 'FULL' });
  if (!db.ok) throw new Error(db.error.message.en);
  const jobs = createJobRegistry(systemClock, silentLogger, () => undefined);
  const made = createLogsArea({
    folder: join(dir, 'logs'),
    consoleDb: db.value,
    clock: systemClock,
    timers: systemTimers,
    logger: silentLogger,
    tasks: threadTasks(new URL('../../../main/engine/worker.ts', import.meta.url)),
    broadcast: () => undefined,
    jobs,
    watching,
    ...(remoteHosts === undefined ? {} : { remoteHosts }),
    ...(ruleGroups === undefined ? {} : { ruleGroups }),
  });
  if (!made.ok) throw new Error(made.error.message.en);
  const area = made.value;
  return {
    area,
    jobs,
    call: async (name, input, context = {}) => {
      const spec = logsRequests[name];
      const handler = area.handlers[name] as (params: unknown, context: CallContext) => unknown;
      const outcome = (await handler(spec.input.parse(input), { ...callContext(), ...context })) as
        | { ok: true; value: never }
        | { ok: false; error: { code: string; message: { en: string } } };
      if (!outcome.ok) throw Object.assign(new Error(outcome.error.message.en), { appError: outcome.error });
      return spec.output.parse(outcome.value) as never;
    },
    close: async () => {
      await area.close();
      db.value.close();
    },
  };
}

/** Waits until a condition holds; fails with `what` after `ms`. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  ms = PATIENCE_MS,
): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`timed out waiting: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
