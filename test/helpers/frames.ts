import type { CDPSession, Page } from 'playwright-core';
import { expect } from 'vitest';
import { paintDelayMs } from './run-delay.ts';

/** A frame of the bar, 55 a second. */
const FRAME_MS = 1000 / 55;
/** Time of `fixedWork` on the free machine on which the bounds were set, ms. */
const REFERENCE_MS = 10;

/** What becomes of work here, as multiples of what becomes of it on the free machine on which the bounds were set; at least 1. */
export type MachineSpeed = {
  /** Of processor time: a slower machine. */
  readonly slowness: number;
  /** Of time: a slower machine, or one that has other programs to run. */
  readonly delay: number;
};

/** How smoothly a page went while something was done. */
export type Frames = MachineSpeed & {
  readonly frames: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly worstMs: number;
  /** What the page's own thread worked for a frame, whatever else the machine did. */
  readonly workPerFrameMs: number;
  /** What the threads that make a frame waited for a processor: page, compositor and graphics take turns. */
  readonly waitPerFrameMs: number;
};

/** Processor time that the page's thread has worked so far, ms: time that other programs had does not count. */
async function threadClock(page: Page): Promise<{ worked: () => Promise<number>; session: CDPSession }> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const worked = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
  };
  return { worked, session };
}

/** Numbers, texts and a sort: work that is the same wherever it is done; tells how long it took, ms. */
function fixedWork(): number {
  const began = performance.now();
  let state = 1;
  const names: string[] = [];
  for (let i = 0; i < 100_000; i += 1) {
    state = (state * 48_271) % 2_147_483_647;
    if (i % 4 === 0) names.push(String(Math.sqrt(state)));
  }
  names.sort();
  return performance.now() - began;
}

const ROUNDS = 9;

function multiple(times: readonly number[]): number {
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  return Math.max(1, Number((median / REFERENCE_MS).toFixed(2)));
}

/** Measures what becomes of work in the thread of a page. */
async function machineSpeed(page: Page): Promise<MachineSpeed> {
  const { worked, session } = await threadClock(page);
  const processor: number[] = [];
  const wall: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = await worked();
    wall.push(await page.evaluate(fixedWork));
    processor.push((await worked()) - before);
  }
  await session.detach();
  return { slowness: multiple(processor), delay: multiple(wall) };
}

/**
 * Holds what was measured to the bar. The page's own work is held to it on any machine, a slow one has longer for it;
 * when a frame reaches the screen also depends on what else the machine does, and comes in whole frames. What the console
 * waited for a processor is no doing of its own.
 */
export function expectSmooth(frames: Frames): void {
  const measured = JSON.stringify(frames);
  expect(frames.workPerFrameMs, measured).toBeLessThan(FRAME_MS * frames.slowness);
  expect(frames.medianMs - frames.waitPerFrameMs, measured).toBeLessThanOrEqual(
    FRAME_MS * Math.ceil(frames.delay),
  );
}

/** Counts the frames of a page and the time between them; the answer ends it. */
async function watchFrames(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const frames: number[] = [];
    const state = { frames, on: true };
    Object.assign(window, { measuredFrames: state });
    let last = performance.now();
    const tick = (time: number): void => {
      frames.push(time - last);
      last = time;
      if (state.on) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  return async () => {
    const times = await page.evaluate(() => {
      const state = Reflect.get(window, 'measuredFrames') as { frames: number[]; on: boolean };
      state.on = false;
      return state.frames.slice(1);
    });
    return times.sort((a, b) => a - b);
  };
}

/**
 * What becomes of work around something that is timed: the worse of before and after, as other programs of the machine
 * may begin or end in between.
 */
export async function speedAround<T>(
  page: Page,
  act: () => Promise<T>,
): Promise<{ readonly value: T; readonly speed: MachineSpeed }> {
  const earlier = await machineSpeed(page);
  const value = await act();
  const later = await machineSpeed(page);
  const speed = {
    slowness: Math.max(earlier.slowness, later.slowness),
    delay: Math.max(earlier.delay, later.delay),
  };
  return { value, speed };
}

/** Counts frames and the time between them while `act` runs. */
export async function measureFrames(page: Page, act: () => Promise<void>): Promise<Frames> {
  const { value, speed } = await speedAround(page, async () => {
    const { worked, session } = await threadClock(page);
    const watching = await watchFrames(page);
    const before = await worked();
    const waitedBefore = paintDelayMs();
    await act();
    const workMs = (await worked()) - before;
    const waitMs = Math.max(0, paintDelayMs() - waitedBefore);
    const sorted = await watching();
    await session.detach();
    return { sorted, workMs, waitMs };
  });
  const { sorted, workMs, waitMs } = value;
  const at = (share: number): number =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1));
  return {
    frames: sorted.length,
    medianMs: at(0.5),
    p95Ms: at(0.95),
    worstMs: at(1),
    workPerFrameMs: Number((workMs / Math.max(1, sorted.length)).toFixed(2)),
    waitPerFrameMs: Number((waitMs / Math.max(1, sorted.length)).toFixed(2)),
    ...speed,
  };
}
