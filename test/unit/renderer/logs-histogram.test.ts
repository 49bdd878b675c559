import { describe, expect, it } from 'vitest';
import {
  dragToSpan,
  histogramTicks,
  layOutHistogram,
  levelsPresent,
  tallest,
} from '../../../renderer/pages/logs/histogram-layout.ts';

const histogram = {
  bucketMs: 10,
  buckets: [
    { time: 110, counts: { info: 5, error: 2 } },
    { time: 140, counts: { warn: 1 } },
  ],
};

describe('the histogram', () => {
  const bars = layOutHistogram(histogram, 103, 150);

  it('covers the whole window, gaps included', () => {
    expect(bars.map((bar) => [bar.time, bar.total])).toEqual([
      [100, 0],
      [110, 7],
      [120, 0],
      [130, 0],
      [140, 1],
    ]);
  });

  it('stacks the most severe level at the baseline', () => {
    expect(bars[1]?.parts).toEqual([
      { level: 'error', from: 0, to: 2 },
      { level: 'info', from: 2, to: 7 },
    ]);
    expect(tallest(bars)).toBe(7);
    expect(levelsPresent(bars)).toEqual(['error', 'warn', 'info']);
  });

  it('is empty for an empty window and flat for a window without events', () => {
    expect(layOutHistogram(histogram, 150, 150)).toEqual([]);
    expect(layOutHistogram({ bucketMs: 10, buckets: [] }, 0, 30).map((bar) => bar.total)).toEqual([0, 0, 0]);
  });

  it('zooms to whole buckets in either direction of the drag', () => {
    expect(dragToSpan(bars, 10, 0.25, 0.55)).toEqual({ start: 110, end: 130 });
    expect(dragToSpan(bars, 10, 0.55, 0.25)).toEqual({ start: 110, end: 130 });
    expect(dragToSpan(bars, 10, 0.9, 3)).toEqual({ start: 140, end: 150 });
  });

  it('takes a click for no zoom', () => {
    expect(dragToSpan(bars, 10, 0.5, 0.52)).toBeNull();
  });
});

describe('the times below the bars', () => {
  const hour = 3_600_000;
  const at = (time: number): string => {
    const date = new Date(time);
    return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
  };

  it('are round, in their places, and keep clear of the edges', () => {
    const start = new Date(2026, 10, 23, 6, 3).getTime();
    const bars = layOutHistogram({ bucketMs: 60_000, buckets: [] }, start, start + hour);
    const ticks = histogramTicks(bars, 60_000);
    expect(ticks.map(({ label }) => label)).toEqual(['06:10', '06:20', '06:30', '06:40', '06:50', '07:00']);
    for (const { share, label } of ticks) expect(at(start + share * hour)).toBe(label);
  });

  it('name the day where it changes', () => {
    const start = new Date(2026, 10, 22, 18, 0).getTime();
    const bars = layOutHistogram({ bucketMs: hour / 4, buckets: [] }, start, start + 12 * hour);
    expect(histogramTicks(bars, hour / 4).map(({ label }) => label)).toContain('11-23');
  });

  it('are none without bars', () => {
    expect(histogramTicks([], 1_000)).toEqual([]);
  });
});
