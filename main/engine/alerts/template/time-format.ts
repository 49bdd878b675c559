import { MONTH_NAMES } from '#shared/domain/month-names.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** The words of Go's reference time, the longer before the shorter; a fraction belongs to the second before it. */
const LAYOUT =
  /2006|January|Monday|Z07:00|-07:00|Z0700|-0700|[.,](?:0+|9+)(?!\d)|Jan|Mon|MST|002|_2|15|01|02|03|04|05|06|PM|pm|[1-5]/g;

const two = (value: number): string => String(value).padStart(2, '0');

/** A moment in UTC by a layout of Go's `time.Time.Format`. */
export function formatTime(ms: number, layout: string): string {
  const date = new Date(ms);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const hour = date.getUTCHours();
  const hour12 = hour % 12 === 0 ? 12 : hour % 12;
  const monthName = MONTH_NAMES[month] ?? '';
  const dayName = DAYS[date.getUTCDay()] ?? '';
  const yearDay = Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000) + 1;
  const words: Readonly<Record<string, string>> = {
    2006: String(year).padStart(4, '0'),
    '06': two(year % 100),
    January: monthName,
    Jan: monthName.slice(0, 3),
    '01': two(month + 1),
    1: String(month + 1),
    Monday: dayName,
    Mon: dayName.slice(0, 3),
    '02': two(day),
    _2: String(day).padStart(2),
    2: String(day),
    '002': String(yearDay).padStart(3, '0'),
    15: two(hour),
    '03': two(hour12),
    3: String(hour12),
    '04': two(date.getUTCMinutes()),
    4: String(date.getUTCMinutes()),
    '05': two(date.getUTCSeconds()),
    5: String(date.getUTCSeconds()),
    PM: hour < 12 ? 'AM' : 'PM',
    pm: hour < 12 ? 'am' : 'pm',
    MST: 'UTC',
    'Z07:00': 'Z',
    Z0700: 'Z',
    '-07:00': '+00:00',
    '-0700': '+0000',
  };
  return layout.replace(LAYOUT, (word) => words[word] ?? fraction(word, date.getUTCMilliseconds()));
}

function fraction(word: string, ms: number): string {
  const digits = `${String(ms).padStart(3, '0')}000000`.slice(0, word.length - 1);
  if (word[1] === '0') return `${word[0]}${digits}`;
  const kept = digits.replace(/0+$/, '');
  return kept === '' ? '' : `${word[0]}${kept}`;
}

/** Methods of `*time.Time` without parameters that a template may call. */
export const TIME_METHODS: Readonly<Record<string, (ms: number) => string | bigint>> = {
  Unix: (ms) => BigInt(Math.floor(ms / 1000)),
  UnixMilli: (ms) => BigInt(ms),
  Year: (ms) => BigInt(new Date(ms).getUTCFullYear()),
  Month: (ms) => MONTH_NAMES[new Date(ms).getUTCMonth()] ?? '',
  Day: (ms) => BigInt(new Date(ms).getUTCDate()),
  Hour: (ms) => BigInt(new Date(ms).getUTCHours()),
  Minute: (ms) => BigInt(new Date(ms).getUTCMinutes()),
  Second: (ms) => BigInt(new Date(ms).getUTCSeconds()),
  Weekday: (ms) => DAYS[new Date(ms).getUTCDay()] ?? '',
};
