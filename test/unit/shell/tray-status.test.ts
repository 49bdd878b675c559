import { expect, test } from 'vitest';
import type { SiteStatus } from '#shared/contract/site.ts';
import { appError } from '#shared/errors/index.ts';
import { drawStatusIcon, type IconStatus } from '../../../main/shell/status-icon.ts';
import { planTrayStatus } from '../../../main/shell/tray-status.ts';

const running = { state: 'running', pid: 1, since: 0 } as const;

function status(critical: number, warning: number): SiteStatus {
  return {
    now: 0,
    siteName: '',
    classification: '',
    engine: { version: '', pid: 1, startedAt: 0, dataDir: '', cpuSeconds: 0, rssBytes: 0 },
    hosts: { total: 4, up: 3, down: 1, unreachable: 0, notWatched: 0 },
    problems: { critical, warning },
    checkedAt: 0,
    logLinesPerSecond: 0,
    lastVerifiedPoint: null,
    disk: { freeBytes: 0, totalBytes: 0, daysLeft: null },
    jobsRunning: 0,
  };
}

test.each([
  [0, 0, 'ok', 'All normal · hosts up 3/4', '全部正常 · 主机正常 3/4'],
  [0, 2, 'warning', '0 critical · 2 warning · hosts up 3/4', '严重 0 · 警告 2 · 主机正常 3/4'],
  [1, 2, 'critical', '1 critical · 2 warning · hosts up 3/4', '严重 1 · 警告 2 · 主机正常 3/4'],
])('%i critical and %i warning', (critical, warning, icon, en, zh) => {
  expect(planTrayStatus(running, status(critical, warning), 'en')).toEqual({ icon, line: en });
  expect(planTrayStatus(running, status(critical, warning), 'zh-CN')).toEqual({ icon, line: zh });
});

test('nothing is called normal before it was looked at', () => {
  const early = { ...status(0, 0), checkedAt: null };
  expect(planTrayStatus(running, early, 'en')).toEqual({
    icon: 'unknown',
    line: 'just started: the first check is under way · hosts up 3/4',
  });
  expect(planTrayStatus(running, early, 'zh-CN').line).toBe('刚刚启动，正在做第一次检查 · 主机正常 3/4');
  // What was wrong before the start is told.
  expect(planTrayStatus(running, { ...status(1, 0), checkedAt: null }, 'en').icon).toBe('critical');
});

test('without a running engine the last figures are not shown', () => {
  const good = status(0, 0);
  const restarting = { state: 'restarting', attempt: 1, inMs: 500, reason: 'ended' } as const;
  expect(planTrayStatus({ state: 'starting' }, good, 'en').icon).toBe('unknown');
  expect(planTrayStatus(restarting, good, 'en').icon).toBe('warning');
  expect(planTrayStatus({ state: 'refused', error: appError('CANCELLED') }, good, 'en').icon).toBe(
    'critical',
  );
  expect(planTrayStatus(running, null, 'en').icon).toBe('unknown');
});

const icons: readonly IconStatus[] = ['ok', 'warning', 'critical', 'unknown'];

/** Which pixels of an icon are painted, whatever their colour. */
function shape(icon: IconStatus, size: number): readonly boolean[] {
  const pixels = drawStatusIcon(icon, size);
  return Array.from({ length: size * size }, (_unused, index) => (pixels[index * 4 + 3] ?? 0) > 127);
}

test('every state has a shape of its own, so that colour is not needed', () => {
  const size = 22;
  for (const [index, one] of icons.entries()) {
    for (const other of icons.slice(index + 1)) {
      const a = shape(one, size);
      const b = shape(other, size);
      const different = a.filter((painted, pixel) => painted !== b[pixel]).length;
      expect(different / a.length, `${one} against ${other}`).toBeGreaterThan(0.07);
    }
  }
});

test.each(icons)('the %s icon is a premultiplied bitmap that leaves its corners free', (icon) => {
  const size = 44;
  const pixels = drawStatusIcon(icon, size);
  expect(pixels).toHaveLength(size * size * 4);
  expect(pixels[3]).toBe(0);
  for (let offset = 0; offset < pixels.length; offset += 4) {
    const alpha = pixels[offset + 3] ?? 0;
    expect(Math.max(...pixels.subarray(offset, offset + 3))).toBeLessThanOrEqual(alpha);
  }
});
