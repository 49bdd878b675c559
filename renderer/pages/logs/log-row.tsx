import { memo } from 'react';
import type { LogEvent } from '#shared/contract/logs.ts';
import { absoluteText, zoneText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { offsetText } from './clock-offset.ts';
import { LevelMark } from './level-mark.tsx';
import { LogDetails } from './log-details.tsx';
import { useWrittenTimes } from './use-log-search.ts';

export type LogRowProps = {
  readonly event: LogEvent;
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly onSearchFor: (text: string) => void;
};

/** One line: time, level, source, message; open, everything that is known of it. */
export const LogRow = memo(
  function LogRow({ event, open, onToggle, onSearchFor }: LogRowProps) {
    return (
      <>
        <button
          type="button"
          className="log-line"
          aria-expanded={open}
          data-event-id={event.id}
          onClick={onToggle}
        >
          <span className="figure" title={`${zoneText(event.time)} · ${new Date(event.time).toISOString()}`}>
            {absoluteText(event.time, true)}
          </span>
          <LevelMark level={event.level} />
          <span className="ellipsis soft" title={`${event.source} · ${event.host}`}>
            {event.source}
          </span>
          <span className="log-message">
            <CorrectedTime event={event} />
            {oneLine(event.message)}
          </span>
        </button>
        {open && <LogDetails event={event} onSearchFor={onSearchFor} />}
      </>
    );
  },
  // The callbacks are made anew with every draw of the list and always mean the same.
  (before, after) => before.event === after.event && before.open === after.open,
);

/** When it was by this workstation's clock, where the host's clock was off. */
function CorrectedTime({ event: { correctedTime, time } }: { readonly event: LogEvent }) {
  const { t } = useTranslation();
  const [asWritten] = useWrittenTimes();
  if (asWritten || correctedTime === undefined) return null;
  return (
    <span
      className="figure soft"
      data-testid="corrected-time"
      title={t('logs:clock.title', { offset: offsetText(time - correctedTime) })}
    >
      {t('logs:clock.at', { time: absoluteText(correctedTime, true).slice(11) })}{' '}
    </span>
  );
}

/** A message of several lines on one, bounded: a row never holds megabytes of text. */
function oneLine(message: string): string {
  const bounded = message.length > 1_000 ? `${message.slice(0, 1_000)}…` : message;
  return bounded.replace(/\s*\n\s*/g, ' ⏎ ');
}
