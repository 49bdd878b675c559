import type { TimeInterval, TimeSpan } from '#shared/contract/notify-config.ts';
import { MONTH_NAMES } from '#shared/domain/month-names.ts';
import { isTimeZone } from '#shared/domain/zone-offset.ts';
import type { YamlEntry, YamlView } from '../rules/yaml-view.ts';
import type { ConfigReader } from './reader.ts';

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = MONTH_NAMES.map((name) => name.toLowerCase());

/** Reads `time_intervals`. One with several locations becomes several, named by `names` together. */
export function readTimeIntervals(
  reader: ConfigReader,
  entries: readonly (YamlEntry | undefined)[],
): { readonly intervals: readonly TimeInterval[]; readonly names: ReadonlyMap<string, readonly string[]> } {
  const intervals: TimeInterval[] = [];
  const names = new Map<string, string[]>();
  for (const view of entries.flatMap((entry) => reader.items(entry))) {
    const fields = reader.fields(view, ['name', 'time_intervals'], 'time_interval');
    const name = reader.text(fields.get('name')?.value, 'name');
    if (name === '')
      reader.wrong(view.line, 'name', { zh: '时间段没有名称', en: 'missing name in time interval' });
    if (names.has(name))
      reader.wrong(view.line, 'name', {
        zh: `时间段“${name}”重名`,
        en: `time interval "${name}" is not unique`,
      });
    const byZone = new Map<string, TimeSpan[]>();
    for (const each of reader.items(fields.get('time_intervals'))) {
      const { zone, span } = readSpan(reader, each);
      byZone.set(zone, [...(byZone.get(zone) ?? []), span]);
    }
    const own: string[] = [];
    for (const [zone, spans] of byZone) {
      const part = own.length === 0 ? name : `${name} (${zone})`;
      own.push(part);
      intervals.push({ name: part, zone, spans });
    }
    // One without any span never holds.
    if (own.length === 0) intervals.push({ name, zone: 'UTC', spans: [] });
    names.set(name, own.length === 0 ? [name] : own);
  }
  return { intervals, names };
}

function readSpan(reader: ConfigReader, view: YamlView): { readonly zone: string; readonly span: TimeSpan } {
  const fields = reader.fields(
    view,
    ['times', 'weekdays', 'days_of_month', 'months', 'years', 'location'],
    'time_interval',
  );
  const location = fields.get('location');
  const zone = location === undefined ? 'UTC' : reader.text(location.value, 'location');
  if (!isTimeZone(zone))
    reader.wrong(location?.line ?? view.line, 'location', {
      zh: `不认识的时区 ${zone}`,
      en: `unknown time zone ${zone}`,
    });
  const ranges = (field: string, names: readonly string[], first: number, least: number, most: number) =>
    reader.texts(fields.get(field)).flatMap(({ line, text }) => {
      const range = readRange(text, names, first);
      const isSound =
        range !== null &&
        [range.from, range.to].every(
          (value) => value >= least && value <= most && (value !== 0 || least === 0),
        ) &&
        (range.from <= range.to || (range.from > 0 && range.to < 0)) &&
        !(range.from < 0 && range.to > 0);
      if (isSound) return [range];
      reader.wrong(line, field, {
        zh: `${field} 的范围有误：${text}`,
        en: `${text} is not a valid range of ${field}`,
      });
      return [];
    });
  return {
    zone,
    span: {
      times: reader.items(fields.get('times')).flatMap((each) => readTimes(reader, each)),
      weekdays: ranges('weekdays', DAYS, 0, 0, 6),
      daysOfMonth: ranges('days_of_month', [], 0, -31, 31),
      months: ranges('months', MONTHS, 1, 1, 12),
      years: ranges('years', [], 0, 1, 9999),
    },
  };
}

function readTimes(reader: ConfigReader, view: YamlView): readonly TimeSpan['times'][number][] {
  const fields = reader.fields(view, ['start_time', 'end_time'], 'time range');
  const [from, to] = ['start_time', 'end_time'].map((name) =>
    minuteOf(reader.text(fields.get(name)?.value, name)),
  );
  if (from != null && to != null && from < to) return [{ from, to }];
  reader.wrong(view.line, 'times', {
    zh: '时间范围有误：要写 HH:MM，且开始早于结束',
    en: 'start and end time must be HH:MM, and start before end',
  });
  return [];
}

function minuteOf(text: string): number | null {
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return null;
  const minute = Number(hours) * 60 + Number(minutes);
  return Number(minutes) > 59 || minute > 1440 ? null : minute;
}

function readRange(
  text: string,
  names: readonly string[],
  first: number,
): { readonly from: number; readonly to: number } | null {
  const parts = text
    .toLowerCase()
    .split(':')
    .map((part) => part.trim());
  const [from, to = from, more] = parts.map((part) => {
    const named = names.indexOf(part);
    if (named >= 0) return named + first;
    return /^-?\d+$/.test(part) && (first === 1 || names.length === 0) ? Number(part) : Number.NaN;
  });
  if (from === undefined || to === undefined || more !== undefined) return null;
  return Number.isNaN(from) || Number.isNaN(to) ? null : { from, to };
}
