import type { Page } from 'playwright-core';

/** How smoothly a page went while something was done. */
export type Frames = {
  readonly frames: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly worstMs: number;
  /** What the page's own thread worked for a frame, whatever else the machine did. */
  readonly workPerFrameMs: number;
};

/** Counts frames and the time between them while `act` runs. */
export async function measureFrames(page: Page, act: () => Promise<void>): Promise<Frames> {
  const session = await page.context().newCDPSession(page);
  // Processor time of the thread: time that other programs had does not count.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const worked = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
  };
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
  const before = await worked();
  await act();
  const after = await worked();
  const times = await page.evaluate(() => {
    const state = Reflect.get(window, 'measuredFrames') as { frames: number[]; on: boolean };
    state.on = false;
    return state.frames.slice(1);
  });
  await session.detach();
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1));
  return {
    frames: sorted.length,
    medianMs: at(0.5),
    p95Ms: at(0.95),
    worstMs: at(1),
    workPerFrameMs: Number(((after - before) / Math.max(1, sorted.length)).toFixed(2)),
  };
}
