import type { CronPattern } from 'croner';
import type { Bilingual } from '../../errors/index.ts';
import { MONTH_NAMES } from '../month-names.ts';
import { allOf, runsOf, spans } from './number-list.ts';

const WEEKDAYS = [
  { zh: '日', en: 'Sunday' },
  { zh: '一', en: 'Monday' },
  { zh: '二', en: 'Tuesday' },
  { zh: '三', en: 'Wednesday' },
  { zh: '四', en: 'Thursday' },
  { zh: '五', en: 'Friday' },
  { zh: '六', en: 'Saturday' },
] as const satisfies readonly Bilingual[];

/** Which of a weekday's occurrences in a month, by croner's bit. */
const OCCURRENCES = [
  { bit: 1, zh: '第一个', en: 'first' },
  { bit: 2, zh: '第二个', en: 'second' },
  { bit: 4, zh: '第三个', en: 'third' },
  { bit: 8, zh: '第四个', en: 'fourth' },
  { bit: 16, zh: '第五个', en: 'fifth' },
  { bit: 32, zh: '最后一个', en: 'last' },
] as const;
const EVERY_OCCURRENCE = 63;

const both = (zh: string, en: string): Bilingual => ({ zh, en });

/** On which days a pattern comes true; null for every day. */
export function dayPhrase(pattern: CronPattern): Bilingual | null {
  const months = pattern.month.flatMap((mark, index) => (mark > 0 ? [index + 1] : []));
  const isAllYear = months.length === 12;
  const days = pattern.starDOM ? null : monthDays(pattern);
  const weekdays = pattern.starDOW ? null : weekDays(pattern.dayOfWeek);
  if (isAllYear && days === null && weekdays === null) return null;
  const monthList = {
    zh: `${spans(months).zh} 月`,
    en: allOf(
      runsOf(months).map(([from, to]) =>
        from === to ? monthName(from) : `${monthName(from)}–${monthName(to)}`,
      ),
    ).en,
  };
  const ofMonth = isAllYear ? both('每月', 'the month') : both(`${monthList.zh}的`, monthList.en);
  // Chinese sets digits off by a space.
  const onDays =
    days &&
    both(`${ofMonth.zh}${/^\d/.test(days.zh) ? ' ' : ''}${days.zh}`, `on ${days.en} of ${ofMonth.en}`);
  const inMonths = isAllYear ? both('', '') : both(`${monthList.zh}的`, ` in ${monthList.en}`);
  const onWeekdays = weekdays && both(`${inMonths.zh}${weekdays.zh}`, `${weekdays.en}${inMonths.en}`);
  if (onDays !== null && onWeekdays !== null) {
    return pattern.useAndLogic
      ? both(
          `${onDays.zh}中${weekdays?.zh ?? ''}的日子`,
          `${onDays.en} when it is also ${weekdays?.en ?? ''}`,
        )
      : both(`${onDays.zh}以及${onWeekdays.zh}`, `${onDays.en} and ${onWeekdays.en}`);
  }
  return onDays ?? onWeekdays ?? both(`${monthList.zh}的每天`, `every day in ${monthList.en}`);
}

function monthName(month: number): string {
  return MONTH_NAMES[month - 1] ?? String(month);
}

/** Days by their number, the last day, the working day nearest to a day. */
function monthDays(pattern: CronPattern): Bilingual {
  const numbers = pattern.day.flatMap((mark, index) => (mark > 0 ? [index + 1] : []));
  const nearest = pattern.nearestWeekdays.flatMap((mark, index) => (mark > 0 ? [index + 1] : []));
  const parts: Bilingual[] = [];
  if (numbers.length > 0) {
    const list = spans(numbers);
    parts.push(both(`${list.zh} 日`, `${numbers.length === 1 ? 'day' : 'days'} ${list.en}`));
  }
  for (const day of nearest)
    parts.push(both(`离 ${day} 日最近的工作日`, `the working day nearest to day ${day}`));
  if (pattern.lastDayOfMonth) parts.push(both('最后一天', 'the last day'));
  if (pattern.lastWeekday) parts.push(both('最后一个工作日', 'the last working day'));
  return both(allOf(parts.map(({ zh }) => zh)).zh, allOf(parts.map(({ en }) => en)).en);
}

/** Weekdays, every one or the n-th of the month; Monday comes first. */
function weekDays(marks: readonly number[]): Bilingual {
  const order = [1, 2, 3, 4, 5, 6, 7];
  const markOf = (day: number): number => marks[day % 7] ?? 0;
  const parts: Bilingual[] = [];
  const every = order.filter((day) => markOf(day) === EVERY_OCCURRENCE);
  if (every.length === 7) parts.push(both('每天', 'every day'));
  else if (every.length > 0) {
    const runs = runsOf(every);
    const list = (name: (day: number) => string, to: string): readonly string[] =>
      runs.map(([from, last]) => (from === last ? name(from) : `${name(from)}${to}${name(last)}`));
    parts.push(
      both(
        `每周${allOf(list((day) => WEEKDAYS[day % 7]?.zh ?? '', '至')).zh}`,
        `every ${allOf(list((day) => WEEKDAYS[day % 7]?.en ?? '', ' to ')).en}`,
      ),
    );
  }
  for (const day of order.filter((known) => markOf(known) > 0 && markOf(known) !== EVERY_OCCURRENCE)) {
    const which = OCCURRENCES.filter(({ bit }) => (markOf(day) & bit) !== 0);
    const name = WEEKDAYS[day % 7] ?? WEEKDAYS[0];
    parts.push(
      both(
        `当月${allOf(which.map(({ zh }) => zh)).zh}星期${name.zh}`,
        `the ${allOf(which.map(({ en }) => en)).en} ${name.en} of the month`,
      ),
    );
  }
  return both(allOf(parts.map(({ zh }) => zh)).zh, allOf(parts.map(({ en }) => en)).en);
}
