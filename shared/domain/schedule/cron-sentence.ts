import { CronPattern } from 'croner';
import type { Bilingual } from '../../errors/index.ts';
import { dayPhrase } from './day-phrase.ts';
import { allOf, spans } from './number-list.ts';

/** More times of day than this are told by hours and minutes instead of one by one. */
const MOST_TIMES = 12;

/**
 * Says in a sentence when a cron expression comes true: 每周日 03:00, every Sunday at 03:00. It is made from what croner has
 * parsed, so it says what will happen, not what the expression looks like; sentences of different schedules differ.
 *
 * @param expression minute hour day month weekday, or a nickname such as `@daily`
 * @returns null when croner does not take the expression
 */
export function cronSentence(expression: string): Bilingual | null {
  let pattern: CronPattern;
  try {
    pattern = new CronPattern(expression.trim(), undefined, { mode: '5-part' });
  } catch {
    return null;
  }
  const time = timePhrase(indexes(pattern.minute), indexes(pattern.hour));
  const day = dayPhrase(pattern);
  if (day === null) return time.isFrequent ? time.text : joined(everyDay, time);
  return joined(day, time);
}

/** Every schedule's sentence, in order; an expression that is none stands as it is. */
export function cronText(expression: string): Bilingual {
  return cronSentence(expression) ?? { zh: expression, en: expression };
}

const everyDay: Bilingual = { zh: '每天', en: 'every day' };

type TimePhrase = {
  readonly text: Bilingual;
  /** Several times a day at a pace, which needs no "every day" before it. */
  readonly isFrequent: boolean;
};

function joined(day: Bilingual, { text, isFrequent }: TimePhrase): Bilingual {
  return { zh: `${day.zh} ${text.zh}`, en: isFrequent ? `${day.en}, ${text.en}` : `${day.en} ${text.en}` };
}

const indexes = (marks: readonly number[]): readonly number[] =>
  marks.flatMap((mark, index) => (mark > 0 ? [index] : []));

const clock = (hour: number, minute: number): string =>
  `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;

/** The step of numbers that go evenly through a whole round, beginning at 0; null when they do not. */
function evenStep(numbers: readonly number[], round: number): number | null {
  const step = round / numbers.length;
  return Number.isInteger(step) && numbers.every((number, index) => number === index * step) ? step : null;
}

function timePhrase(minutes: readonly number[], hours: readonly number[]): TimePhrase {
  const pace = evenStep(minutes, 60);
  const isAllDay = hours.length === 24;
  if (pace !== null && pace < 60) {
    const every: Bilingual =
      pace === 1
        ? { zh: '每分钟', en: 'every minute' }
        : { zh: `每 ${pace} 分钟`, en: `every ${pace} minutes` };
    if (isAllDay) return { text: every, isFrequent: true };
    const within = spans(hours);
    return {
      text: { zh: `${within.zh} 时内${every.zh}`, en: `${every.en} in ${hourWord(hours)} ${within.en}` },
      isFrequent: true,
    };
  }
  const [minute = 0] = minutes;
  if (isAllDay) {
    const list = spans(minutes);
    return {
      text: { zh: `每小时的第 ${list.zh} 分钟`, en: `every hour at minute ${list.en}` },
      isFrequent: true,
    };
  }
  if (minutes.length === 1 && hours.length > 3) {
    const [first = 0] = hours;
    const last = hours.at(-1) ?? first;
    const isRun = last - first === hours.length - 1;
    if (isRun) {
      const [from, to] = [clock(first, minute), clock(last, minute)];
      return {
        text: { zh: `${from} 至 ${to} 每小时一次`, en: `every hour from ${from} to ${to}` },
        isFrequent: true,
      };
    }
  }
  if (minutes.length * hours.length <= MOST_TIMES) {
    const times = hours.flatMap((hour) => minutes.map((at) => clock(hour, at)));
    const list = allOf(times);
    return { text: { zh: list.zh, en: `at ${list.en}` }, isFrequent: false };
  }
  const [hourList, minuteList] = [spans(hours), spans(minutes)];
  return {
    text: {
      zh: `${hourList.zh} 时的第 ${minuteList.zh} 分钟`,
      en: `at minute ${minuteList.en} of ${hourWord(hours)} ${hourList.en}`,
    },
    isFrequent: false,
  };
}

function hourWord(hours: readonly number[]): string {
  return hours.length === 1 ? 'hour' : 'hours';
}
