import { join } from 'node:path';
import type { LogOutput, LogOutputState, MaskingRule } from '#shared/contract/logs-pipelines.ts';
import type { AppError } from '#shared/errors/index.ts';
import { systemClock } from '../../platform/clock.ts';
import { lazyHttpClient } from '../../platform/http/lazy-client.ts';
import { systemTimers } from '../../platform/timers.ts';
import type { TaskContext } from '../../platform/worker-tasks.ts';
import { parserCache } from '../parse/parser.ts';
import { compileMask, type Mask } from '../pipeline/mask.ts';
import { OutputLedger } from './ledger.ts';
import { UnsentReader } from './reader.ts';
import { OutputSender } from './sender.ts';

/** An output as the thread is told of it. */
export type OutputOrder = { readonly id: string; readonly output: LogOutput; readonly paused: boolean };

/** What the thread is started with, and told whenever something of it changed. */
export type OutputConfig = {
  readonly folder: string;
  readonly outputs: readonly OutputOrder[];
  readonly masking: readonly MaskingRule[];
};

export type ToOutput =
  | { readonly kind: 'config'; readonly config: OutputConfig }
  | { readonly kind: 'forget'; readonly day: string };

/** How each output goes, with when it last had to leave events out. */
export type OutputNews = LogOutputState & {
  readonly refusedAt: number | null;
  readonly refusal: AppError | null;
  readonly givenUpAt: number | null;
};

export type FromOutput =
  | { readonly kind: 'states'; readonly states: readonly OutputNews[] }
  | { readonly kind: 'trouble'; readonly error: AppError };

const NEWS_MS = 500;

/** Where the outputs' memory is. */
export function ledgerPath(folder: string): string {
  return join(folder, 'output.db');
}

/** Sends stored events to servers until it is told to stop. */
export async function runOutput(data: unknown, task: TaskContext): Promise<unknown> {
  // The starter is this area's own proxy, which sends exactly this.
  let config = data as OutputConfig;
  const opened = OutputLedger.open(ledgerPath(config.folder));
  if (!opened.ok) {
    task.post({ kind: 'trouble', error: opened.error } satisfies FromOutput);
    throw new Error(opened.error.message.en);
  }
  const ledger = opened.value;
  const http = lazyHttpClient({ clock: systemClock, timers: systemTimers });
  const parserOf = parserCache();
  let mask = maskOf(config);
  const running = new Map<
    string,
    { readonly order: string; readonly sender: OutputSender; readonly reader: UnsentReader }
  >();
  const apply = async (): Promise<void> => {
    mask = maskOf(config);
    const wanted = new Map(config.outputs.map((order) => [order.id, order]));
    for (const [id, { order, sender, reader }] of [...running]) {
      const next = wanted.get(id);
      if (next !== undefined && JSON.stringify(next.output) === order) {
        sender.pause(next.paused);
        continue;
      }
      running.delete(id);
      await sender.close();
      reader.close();
    }
    ledger.keepOnly(new Set(wanted.keys()));
    for (const { id, output, paused } of wanted.values()) {
      if (running.has(id)) continue;
      const reader = new UnsentReader(config.folder);
      const sender = new OutputSender(id, output, paused, {
        ...{ reader, ledger, http, parserOf, clock: systemClock, timers: systemTimers, random: Math.random },
        mask: () => mask,
      });
      running.set(id, { order: JSON.stringify(output), sender, reader });
      sender.start();
    }
  };
  let last = '';
  const news = (): void => {
    const states = [...running.values()].map(
      ({ sender }): OutputNews => ({ ...sender.state(), ...sender.marks }),
    );
    const text = JSON.stringify(states);
    if (text !== last) task.post({ kind: 'states', states } satisfies FromOutput);
    last = text;
  };
  let applying = apply();
  task.onMessage((message) => {
    const order = message as ToOutput;
    if (order.kind === 'forget') for (const { reader } of running.values()) reader.forget(order.day);
    else {
      config = order.config;
      applying = applying.then(apply);
    }
  });
  const stopNews = systemTimers.every(NEWS_MS, news);
  await new Promise<void>((resolve) => {
    if (task.signal.aborted) resolve();
    task.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  stopNews();
  await applying;
  await Promise.all([...running.values()].map(({ sender }) => sender.close()));
  for (const { reader } of running.values()) reader.close();
  await http.close();
  ledger.close();
  return null;
}

function maskOf(config: OutputConfig): Mask | null {
  const mask = compileMask(config.masking, 'export');
  return mask.ok ? mask.value : null;
}
