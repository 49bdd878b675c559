import { systemClock } from '../../platform/clock.ts';
import { willFree } from '../../platform/large-buffers.ts';
import type { TaskContext } from '../../platform/worker-tasks.ts';
import type { FromIngest, IngestStart, ToIngest } from '../messages.ts';
import { createStage, NO_STAGE, type PipelineStage, type StageConfig } from '../pipeline/stage.ts';
import { type IndexAnswer, threadRunner } from './indexing.ts';
import { Ingest } from './ingest.ts';

const POLL_MS = 200;
const STATUS_MS = 500;
const NEWS_MS = 100;
/** How long to wait for orders when nothing is followed. */
const IDLE_MS = 60_000;
const RETRY_MS = 1000;

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Follows log files until it is told to stop: the only writer of the logs folder. */
export async function runIngest(data: unknown, task: TaskContext): Promise<unknown> {
  // The starter is this area's own proxy, which sends exactly this.
  const start = data as IngestStart;
  willFree();
  const tell = (message: FromIngest): void => task.post(message);
  let wake: () => void = () => undefined;
  const syncs: number[] = [];
  let newsAt = Number.NEGATIVE_INFINITY;
  let statusAt = Number.NEGATIVE_INFINITY;
  let lastStatus = '';
  const sendNews = (now: boolean): void => {
    const at = systemClock.monotonic();
    if (!now && at - newsAt < NEWS_MS) return;
    newsAt = at;
    ingest.sendTails();
    if (!now && at - statusAt < STATUS_MS) return;
    statusAt = at;
    const status = {
      sources: ingest.status(),
      linesPerSecond: ingest.linesPerSecond(),
      pipelines: stage.counts(),
    };
    const text = JSON.stringify(status);
    if (text !== lastStatus) tell({ kind: 'status', ...status });
    lastStatus = text;
  };
  const stageOf = (config: StageConfig): PipelineStage => {
    const made = createStage(config);
    for (const error of Object.values(made.errors)) tell({ kind: 'trouble', error });
    return made;
  };
  let stage = stageOf(start.stage ?? NO_STAGE);
  const ingest = new Ingest({
    stage,
    folder: start.folder,
    clock: systemClock,
    tell,
    breathe: async () => {
      await turn();
      sendNews(false);
      return !task.signal.aborted;
    },
    retention: start.retention,
    index: threadRunner((heard) =>
      task.start('logs.index', { folder: start.folder }, (answer) => heard(answer as IndexAnswer)),
    ),
  });
  ingest.setSources(start.sources);
  if (start.arrivals !== undefined) ingest.countArrivals(start.arrivals);
  let follow = start.follow;
  task.onMessage((message) => {
    const order = message as ToIngest;
    // Whoever watches a live tail wants files to be followed.
    if (order.kind === 'tail-start') follow = true;
    if (order.kind === 'sources') ingest.setSources(order.sources);
    else if (order.kind === 'retention') ingest.setRetention(order.retention);
    else if (order.kind === 'mend') ingest.mendIndex(order.day, order.segments);
    else if (order.kind === 'arrivals') ingest.countArrivals(order.arrivals);
    else if (order.kind === 'stage') {
      stage = stageOf(order.stage);
      ingest.setStage(stage);
    } else if (order.kind === 'sync') syncs.push(order.call);
    else if (order.kind === 'tail-start') {
      ingest.startTail(order.tail, order.query);
      tell({ kind: 'tail-started', tail: order.tail });
    } else ingest.stopTail(order.tail);
    wake();
  });
  task.signal.addEventListener('abort', () => wake());
  while (!task.signal.aborted) {
    const calls = syncs.splice(0);
    let pause = follow ? POLL_MS : IDLE_MS;
    if (calls.length > 0) {
      const outcome = await ingest.sync();
      sendNews(true);
      for (const call of calls) tell({ kind: 'synced', call, outcome });
      if (!outcome.ok) pause = RETRY_MS;
    } else if (follow) {
      const outcome = await ingest.pass(false);
      if (!outcome.ok) pause = RETRY_MS;
      else if (outcome.value.more) pause = 0;
    }
    sendNews(false);
    if (syncs.length === 0 && !task.signal.aborted)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pause);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
  }
  await ingest.end();
  return null;
}
