/** A part of the UTC date of a time in seconds. */
type DatePart = (seconds: number) => number;

const DAY = 86_400;
/** Seconds from the first day of Go's calendar, 1 January of the year -292277022399, to 1970. */
const GO_EPOCH = 9_223_372_028_715_321_600n;

/**
 * Days since 1970-01-01 and the second of that day.
 *
 * What does not fit into 64 bits, NaN too, is the smallest number that does, as on the processors that Prometheus runs
 * on; and Go's calendar wraps around there.
 */
function split(seconds: number): { readonly days: number; readonly second: number } {
  const whole = Math.trunc(seconds);
  if (!(Math.abs(whole) < 2 ** 53)) {
    const fits = whole >= -(2 ** 63) && whole < 2 ** 63;
    const absolute = BigInt.asUintN(64, (fits ? BigInt(whole) : -(2n ** 63n)) + GO_EPOCH);
    return {
      days: Number(absolute / BigInt(DAY)) - Number(GO_EPOCH / BigInt(DAY)),
      second: Number(absolute % BigInt(DAY)),
    };
  }
  const days = Math.floor(whole / DAY);
  return { days, second: whole - days * DAY };
}

/**
 * Year, month (1 to 12) and day of a day number, in the Gregorian calendar carried on in both directions
 * (Hinnant, "chrono-compatible low-level date algorithms").
 */
function civil(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function monthLength(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function dayOfYear(days: number): number {
  const { year, month, day } = civil(days);
  let total = day;
  for (let before = 1; before < month; before++) total += monthLength(year, before);
  return total;
}

/** Functions that give a part of the UTC date. */
export const dateFunctions: Readonly<Record<string, DatePart>> = {
  minute: (seconds) => Math.floor(split(seconds).second / 60) % 60,
  hour: (seconds) => Math.floor(split(seconds).second / 3600),
  day_of_week: (seconds) => (((split(seconds).days + 4) % 7) + 7) % 7,
  day_of_month: (seconds) => civil(split(seconds).days).day,
  day_of_year: (seconds) => dayOfYear(split(seconds).days),
  days_in_month: (seconds) => {
    const { year, month } = civil(split(seconds).days);
    return monthLength(year, month);
  },
  month: (seconds) => civil(split(seconds).days).month,
  year: (seconds) => civil(split(seconds).days).year,
};
