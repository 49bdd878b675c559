import type { JobProgress } from '#shared/contract/jobs.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';

/** What a restore is doing, in both languages. */
export const PHASES = {
  planning: { zh: '比较文件', en: 'comparing' },
  writing: { zh: '写入文件', en: 'writing' },
  checking: { zh: '应用检查', en: 'checking the application' },
  waiting: { zh: '连接断开，稍后重试', en: 'connection lost, trying again' },
  verifying: { zh: '校验文件', en: 'verifying' },
} as const satisfies Record<string, Bilingual>;

const WINDOW_MS = 5_000;

/** Turns counts into progress with rate and time left. */
export type ProgressMeter = (
  phase: Bilingual,
  done: number,
  total: number | null,
  unit: JobProgress['unit'],
  filesDone: number,
  current: string,
) => JobProgress;

/** Makes a meter; the rate is that of the last seconds, and starts anew with each phase. */
export function progressMeter(clock: Pick<Clock, 'monotonic'>): ProgressMeter {
  let samples: { at: number; done: number }[] = [];
  let lastPhase = '';
  return (phase, done, total, unit, filesDone, current) => {
    const now = clock.monotonic();
    if (phase.en !== lastPhase) samples = [];
    lastPhase = phase.en;
    samples.push({ at: now, done });
    while (samples.length > 2 && now - (samples[0]?.at ?? now) > WINDOW_MS) samples.shift();
    const first = samples[0] ?? { at: now, done };
    const seconds = (now - first.at) / 1000;
    const rate = seconds > 0 ? Math.max(0, (done - first.done) / seconds) : 0;
    const etaMs = total !== null && rate > 0 ? Math.max(0, ((total - done) / rate) * 1000) : null;
    return { phase, done, total, unit, rate, etaMs, current, filesDone };
  };
}
