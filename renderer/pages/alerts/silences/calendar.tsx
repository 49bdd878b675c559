import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useNow } from '../../../components/use-now.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import {
  addDays,
  type CalendarDay,
  calendarWeeks,
  movedDay,
  type Occurrence,
  weekStart,
} from './calendar-layout.ts';

export const CALENDAR_WEEKS = 5;

export type CalendarProps = {
  readonly occurrences: readonly Occurrence[];
  readonly onOpen: (id: string) => void;
  /** Plans something on a day; its midnight, UTC milliseconds. */
  readonly onPlan: (day: number) => void;
};

/** The next weeks, a cell a day. Arrow keys move between days; below stands what the chosen day holds. */
export function Calendar({ occurrences, onOpen, onPlan }: CalendarProps) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const monday = weekStart(now);
  const days = useMemo(
    () => calendarWeeks(monday, CALENDAR_WEEKS, occurrences).flat(),
    [monday, occurrences],
  );
  const today = days.findIndex(({ start }) => now >= start && now < addDays(start, 1));
  const [chosen, setChosen] = useState<number | null>(null);
  const at = chosen ?? Math.max(0, today);
  const grid = useRef<HTMLTableElement>(null);
  const onKey = (event: KeyboardEvent<HTMLTableElement>): void => {
    const next = movedDay(event.key, at, days.length);
    if (next === null) return;
    event.preventDefault();
    setChosen(next);
    grid.current?.querySelectorAll<HTMLElement>('.calendar-day')[next]?.focus();
  };
  const day = days[at];
  return (
    <div className="stack-small">
      <table className="calendar" ref={grid} onKeyDown={onKey} aria-label={t('alerts:calendar.label')}>
        <thead>
          <tr>
            {days.slice(0, 7).map(({ start }) => (
              <th key={start} scope="col">
                {t(`alerts:calendar.weekday.${weekday(start)}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: CALENDAR_WEEKS }, (_, week) => (
            <tr key={days[week * 7]?.start}>
              {days.slice(week * 7, week * 7 + 7).map((one, index) => {
                const position = week * 7 + index;
                return (
                  <td key={one.start}>
                    <DayButton
                      day={one}
                      isToday={position === today}
                      isPast={today >= 0 && position < today}
                      isChosen={position === at}
                      onChoose={() => setChosen(position)}
                    />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {day && <ChosenDay day={day} isPast={today >= 0 && at < today} onOpen={onOpen} onPlan={onPlan} />}
    </div>
  );
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

function weekday(time: number): (typeof WEEKDAYS)[number] {
  return WEEKDAYS[new Date(time).getDay()] ?? 'mon';
}

const dateText = (time: number): string => absoluteText(time).slice(0, 10);
/** A time of day; the midnight that ends a day is 24:00 of it. */
const clockText = (time: number, midnight: number): string =>
  time === addDays(midnight, 1) ? '24:00' : absoluteText(time).slice(11, 16);

function DayButton(props: {
  readonly day: CalendarDay;
  readonly isToday: boolean;
  readonly isPast: boolean;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  const { t } = useTranslation();
  const { day, isToday } = props;
  return (
    <button
      type="button"
      className={`calendar-day${isToday ? ' today' : ''}${props.isPast ? ' past' : ''}`}
      tabIndex={props.isChosen ? 0 : -1}
      aria-pressed={props.isChosen}
      onClick={props.onChoose}
    >
      <span className="figure">
        <span className="visually-hidden">{dateText(day.start).slice(0, 5)}</span>
        {dateText(day.start).slice(5)}
        {isToday && ` ${t('alerts:calendar.today')}`}
        {day.spans.length === 0 && <span className="visually-hidden"> {t('alerts:calendar.nothing')}</span>}
      </span>
      {day.spans.slice(0, 3).map((span) => (
        <span key={`${span.id} ${span.start}`} className="calendar-span ellipsis">
          <span className="figure">
            {clockText(span.from, day.start)}
            <span className="visually-hidden">–{clockText(span.to, day.start)}</span>
          </span>{' '}
          {span.name}
        </span>
      ))}
      {day.spans.length > 3 && <span>+{day.spans.length - 3}</span>}
    </button>
  );
}

function ChosenDay({
  day,
  isPast,
  onOpen,
  onPlan,
}: {
  readonly day: CalendarDay;
  readonly isPast: boolean;
  readonly onOpen: (id: string) => void;
  readonly onPlan: (day: number) => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="row" aria-live="polite">
      <strong className="figure">{dateText(day.start)}</strong>
      {day.spans.length === 0 && <span className="soft">{t('alerts:calendar.nothing')}</span>}
      {day.spans.map((span) => (
        <Button key={`${span.id} ${span.start}`} onClick={() => onOpen(span.id)}>
          <span className="figure">
            {clockText(span.from, day.start)}–{clockText(span.to, day.start)}
          </span>
          {span.name}
        </Button>
      ))}
      {!isPast && (
        <Button kind="quiet" onClick={() => onPlan(day.start)}>
          {t('alerts:calendar.plan')}
        </Button>
      )}
    </div>
  );
}
