import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import * as z from 'zod';
import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import { type LogOutput, logOutputSchema, type MaskingRule } from '#shared/contract/logs-pipelines.ts';
import { compareText } from '#shared/domain/text-order.ts';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { lazyHttpClient } from '../../platform/http/lazy-client.ts';
import type { Logger } from '../../platform/logger.ts';
import { type SiteSection, siteSection } from '../../platform/site-section.ts';
import type { CancelTimer, Timers } from '../../platform/timers.ts';
import type { TaskRun, TaskStarter } from '../../platform/worker-tasks.ts';
import { sqliteError, type WritableDb } from '../../storage/sqlite.ts';
import { compileIndexName } from './document.ts';
import { OutputLedger } from './ledger.ts';
import { type ConnectionSecrets, connectionSecrets, serversReach } from './secrets.ts';
import { identify, SearchServer } from './server.ts';
import {
  type FromOutput,
  ledgerPath,
  type OutputConfig,
  type OutputNews,
  type OutputOrder,
  type ToOutput,
} from './thread.ts';

export type OutputsDeps = {
  /** The `logs` folder of the data folder. */
  readonly folder: string;
  readonly db: WritableDb;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly tasks: TaskStarter;
  readonly broadcast: Broadcast;
  readonly masking: () => readonly MaskingRule[];
  readonly secrets: ConnectionSecrets;
  /** False: nothing is sent, but what waits is kept. */
  readonly sending: boolean;
};

type Handled =
  | 'logs.outputs.list'
  | 'logs.outputs.put'
  | 'logs.outputs.remove'
  | 'logs.outputs.pause'
  | 'logs.outputs.test'
  | 'logs.outputs.refused';

/** What hinders an output, or what it had to leave out. */
export type OutputFault = { readonly output: string; readonly error: AppError };

/** Sending events to other servers. */
export type LogOutputs = {
  readonly handlers: Pick<AreaHandlers<'logs'>, Handled>;
  readonly put: (id: string | undefined, output: LogOutput) => Result<{ id: string }>;
  /** Identifiers by name. */
  readonly names: () => ReadonlyMap<string, string>;
  /** Its part of the site document. */
  readonly section: SiteSection;
  /** Masking changed. */
  readonly maskingChanged: () => void;
  readonly dayRemoved: (day: string) => void;
  /** What is wrong now, for the operator. */
  readonly problems: () => readonly OutputFault[];
  readonly close: () => Promise<void>;
};

const START_AFTER_MS = 3_000;
const RESTART_MS = 15_000;
/** How soon outputs go on after the store of secrets was opened. */
const RETRY_LOCKED_MS = 5_000;
/** A server that is away for less is not a problem yet. */
const PATIENCE_MS = 5 * 60_000;
/** Events refused or given up are told of for so long. */
const TOLD_MS = 24 * 3_600_000;

/** Opens the outputs; their thread runs only while there are any. */
export function createOutputs(deps: OutputsDeps): LogOutputs {
  const { db, clock, timers, logger } = deps;
  const http = lazyHttpClient({ clock, timers });
  let run: TaskRun<unknown> | null = null;
  let closing = false;
  let cancelStart: CancelTimer | null = null;
  let states = new Map<string, OutputNews>();
  const failingSince = new Map<string, number>();
  let trouble: AppError | null = null;

  const orders = (): readonly OutputOrder[] =>
    (
      db.prepare('SELECT id, config, paused FROM log_output ORDER BY rowid').all() as {
        id: string;
        config: string;
        paused: number;
      }[]
    ).map(({ id, config, paused }) => ({
      id,
      output: logOutputSchema.parse(JSON.parse(config)),
      paused: paused === 1,
    }));
  /** Outputs whose secrets cannot be opened now are left out, and told of. */
  let locked: readonly OutputFault[] = [];
  const config = (): OutputConfig => {
    const outputs: OutputOrder[] = [];
    const faults: OutputFault[] = [];
    for (const order of orders()) {
      const opened = deps.secrets.open(order.output);
      if (opened.ok) outputs.push({ ...order, output: opened.value });
      else faults.push({ output: order.output.name, error: opened.error });
    }
    locked = faults;
    return { folder: deps.folder, outputs, masking: deps.masking() };
  };

  const heard = (message: unknown): void => {
    // The thread runs this area's own task, which posts exactly this.
    const news = message as FromOutput;
    if (news.kind === 'trouble') {
      trouble = news.error;
      return;
    }
    trouble = null;
    states = new Map(news.states.map((state) => [state.id, state]));
    for (const { id, state } of news.states) {
      if (state !== 'retrying') failingSince.delete(id);
      else if (!failingSince.has(id)) failingSince.set(id, clock.now());
    }
  };
  const ensure = (): void => {
    cancelStart?.();
    cancelStart = null;
    if (run !== null || closing || !deps.sending || orders().length === 0) return;
    const started = deps.tasks<unknown>('logs.output', config(), heard);
    run = started;
    const ended = (thrown: unknown): void => {
      if (run !== started) return;
      run = null;
      states = new Map();
      if (closing) return;
      trouble ??= appError('LOG_OUTPUT_STUCK', { name: '*', why: describeThrown(thrown) });
      logger.log('error', 'log output thread died', { why: describeThrown(thrown) });
      cancelStart = timers.after(RESTART_MS, ensure);
    };
    started.result.then(() => ended(new Error('it ended by itself')), ended);
  };
  const changed = (): void => {
    if (run === null) ensure();
    else run.post({ kind: 'config', config: config() } satisfies ToOutput);
    deps.broadcast('logs.pipelines.changed', { what: 'outputs' });
  };
  const stopRetrying = timers.every(RETRY_LOCKED_MS, () => {
    if (locked.length > 0 && run !== null) run.post({ kind: 'config', config: config() } satisfies ToOutput);
  });
  if (orders().length > 0) cancelStart = timers.after(START_AFTER_MS, ensure);

  const attempt = <T>(work: () => Result<T>): Result<T> => {
    try {
      const result = work();
      if (result.ok) changed();
      return result;
    } catch (thrown) {
      return err(sqliteError(db.name, thrown));
    }
  };
  /** Writes an output as it is to be, its secrets sealed. */
  const keep = (id: string, output: LogOutput, secrets: ConnectionSecrets): Result<object> => {
    const sealed = secrets.seal(id, output);
    if (!sealed.ok) return sealed;
    db.prepare(
      `INSERT INTO log_output (id, name, config) VALUES (?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, config = excluded.config`,
    ).run(id, output.name, JSON.stringify(sealed.value));
    secrets.settle(id, sealed.value);
    return ok({});
  };
  const put = (id: string | undefined, output: LogOutput): Result<{ id: string }> => {
    const name = compileIndexName(output.index);
    if (typeof name !== 'function')
      return err(appError('LOG_OUTPUT_INDEX', { index: output.index, why: name }, { field: 'index' }));
    const all = orders();
    if (all.some((one) => one.output.name === output.name && one.id !== id))
      return err(appError('LOG_OUTPUT_NAME_TAKEN', { name: output.name }, { field: 'name' }));
    if (id !== undefined && !all.some((one) => one.id === id))
      return err(appError('NOT_FOUND', { what: 'log output', id }));
    return attempt(() => {
      const kept = id ?? randomUUID();
      const written = keep(kept, output, deps.secrets);
      return written.ok ? ok({ id: kept }) : written;
    });
  };
  const shown = ({ id, output, paused }: OutputOrder) => {
    const {
      refusedAt: _refused,
      refusal: _refusal,
      givenUpAt: _givenUp,
      ...state
    } = states.get(id) ?? {
      ...idleState(id, output),
      refusedAt: null,
      refusal: null,
      givenUpAt: null,
    };
    return { ...state, output, state: paused ? ('paused' as const) : state.state };
  };

  return {
    put,
    section: siteSection({
      name: 'logOutputs',
      most: 500,
      schema: logOutputSchema.extend({ paused: z.boolean() }),
      key: ({ name }) => name,
      read: () =>
        orders()
          .map(({ output, paused }) => ({ ...output, paused }))
          .toSorted((a, b) => compareText(a.name, b.name)),
      check: ({ index }) => {
        const name = compileIndexName(index);
        return typeof name === 'function'
          ? null
          : appError('LOG_OUTPUT_INDEX', { index, why: name }, { field: 'index' });
      },
      put: ({ paused, ...output }, { secrets }) => {
        const known = orders().find((one) => one.output.name === output.name);
        const id = known?.id ?? randomUUID();
        const kept = keep(id, output, connectionSecrets(secrets));
        if (kept.ok) db.prepare('UPDATE log_output SET paused = ? WHERE id = ?').run(paused ? 1 : 0, id);
        return kept;
      },
      reaches: serversReach,
      took: changed,
    }),
    names: () => new Map(orders().map(({ id, output }) => [output.name, id])),
    maskingChanged: () => run?.post({ kind: 'config', config: config() } satisfies ToOutput),
    dayRemoved: (day) => run?.post({ kind: 'forget', day } satisfies ToOutput),
    problems: () => [
      ...locked,
      ...(trouble === null ? [] : [{ output: '*', error: trouble }]),
      ...[...states.values()].flatMap((state) =>
        problemsOf(state, failingSince.get(state.id) ?? null, clock.now()),
      ),
    ],
    handlers: {
      'logs.outputs.list': () => ok({ outputs: orders().map(shown) }),
      'logs.outputs.put': ({ id, output }) => put(id, output),
      'logs.outputs.remove': ({ id }) =>
        attempt(() => {
          const { changes } = db.prepare('DELETE FROM log_output WHERE id = ?').run(id);
          deps.secrets.settle(id, null);
          return changes === 0 ? err(appError('NOT_FOUND', { what: 'log output', id })) : ok({});
        }),
      'logs.outputs.pause': ({ id, paused }) =>
        attempt(() => {
          const { changes } = db
            .prepare('UPDATE log_output SET paused = ? WHERE id = ?')
            .run(paused ? 1 : 0, id);
          return changes === 0 ? err(appError('NOT_FOUND', { what: 'log output', id })) : ok({});
        }),
      'logs.outputs.test': async (output, { signal }) => {
        const began = clock.monotonic();
        const { name } = output;
        const opened = deps.secrets.open(output);
        if (!opened.ok) return opened;
        const server = new SearchServer(opened.value, http);
        const answer = await identify(server, signal);
        const url = server.url;
        if ('why' in answer)
          return err(
            appError('LOG_OUTPUT_REFUSED', { name, url, status: '–', why: answer.why }, { field: 'servers' }),
          );
        if (!answer.ok)
          return err(
            appError(
              'LOG_OUTPUT_UNREACHABLE',
              { name, url, why: answer.error.message },
              { field: 'servers' },
            ),
          );
        return ok({ ...answer.value, tookMs: clock.monotonic() - began });
      },
      'logs.outputs.refused': ({ id, limit }) => {
        if (!existsSync(ledgerPath(deps.folder))) return ok({ refused: [], total: 0 });
        const ledger = OutputLedger.open(ledgerPath(deps.folder));
        if (!ledger.ok) return ledger;
        try {
          return ok(ledger.value.refused(id, limit));
        } finally {
          ledger.value.close();
        }
      },
    },
    close: async () => {
      closing = true;
      stopRetrying();
      cancelStart?.();
      run?.cancel();
      // A thread that dies while it is being closed has nothing left to say; what it sent is in its ledger.
      await run?.result.catch((thrown: unknown) =>
        logger.log('warn', 'log output thread died while closing', { why: describeThrown(thrown) }),
      );
      await http.close();
    },
  };
}

function idleState(id: string, output: LogOutput) {
  return {
    id,
    output,
    state: 'stopped' as const,
    backlogEvents: 0,
    backlogSince: null,
    eventsPerSecond: 0,
    eventsSent: 0,
    bytesSent: 0,
    requestsFailed: 0,
    eventsRefused: 0,
    eventsGivenUp: 0,
    lastSentAt: null,
    lastError: null,
    nextAttemptAt: null,
  };
}

function problemsOf(state: OutputNews, since: number | null, now: number): readonly OutputFault[] {
  const { name } = state.output;
  const found: AppError[] = [];
  const { lastError, refusal, refusedAt, givenUpAt } = state;
  if (since !== null && now - since > PATIENCE_MS && lastError !== null) found.push(lastError);
  if (refusedAt !== null && refusal !== null && now - refusedAt < TOLD_MS) found.push(refusal);
  if (givenUpAt !== null && now - givenUpAt < TOLD_MS)
    found.push(appError('LOG_OUTPUT_GAVE_UP', { name, count: state.eventsGivenUp }));
  return found.map((error) => ({ output: name, error }));
}
