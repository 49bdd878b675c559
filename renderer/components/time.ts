import type { Translate } from '../locales/use-translation.ts';

const STEPS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** A length of time in words of the language, at most two units: `1 小时 5 分钟`, `3.2 s`, `40 ms`. */
export function durationText(t: Translate, ms: number): string {
  if (!Number.isFinite(ms)) return '—';
  const length = Math.abs(ms);
  if (length < 1_000) return t('common:time.ms', { n: Math.round(length) });
  if (length < 10_000) return t('common:time.s', { n: Number((length / 1000).toFixed(1)) });
  let rest = Math.round(length / 1000) * 1000;
  const parts: string[] = [];
  for (const [unit, size] of STEPS) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(t(`common:time.${unit}`, { n: count }));
    rest -= count * size;
    if (parts.length === 2 || (parts.length === 1 && count === 0)) break;
  }
  return parts.join(' ');
}

/** How long ago (or ahead) a time is, in one unit: `3 分钟前`, `in 2 h`. */
export function relativeText(t: Translate, time: number, now: number): string {
  const distance = now - time;
  const length = Math.abs(distance);
  if (length < 5_000) return t('common:time.now');
  const [unit, size] = STEPS.find(([, step]) => length >= step) ?? STEPS[3];
  const words = t(`common:time.${unit}`, { n: Math.floor(length / size) });
  return distance > 0 ? t('common:time.ago', { time: words }) : t('common:time.in', { time: words });
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Local time as `2026-11-22 10:15:30`, the same in both languages so that reports sort and compare. */
export function absoluteText(time: number, withMs = false): string {
  const d = new Date(time);
  const date = `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
  const clock = `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
  return withMs ? `${date} ${clock}.${String(d.getMilliseconds()).padStart(3, '0')}` : `${date} ${clock}`;
}

/** The zone of the workstation at a time, as `Asia/Shanghai UTC+08:00`. */
export function zoneText(time: number): string {
  const offset = -new Date(time).getTimezoneOffset();
  const sign = offset < 0 ? '-' : '+';
  const length = Math.abs(offset);
  const name = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const distance = `UTC${sign}${two(Math.floor(length / 60))}:${two(length % 60)}`;
  return name === 'UTC' ? distance : `${name} ${distance}`;
}
