import { memo } from 'react';
import type { LogEvent } from '#shared/contract/logs.ts';
import { absoluteText, zoneText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { offsetText } from './clock-offset.ts';
import { FoundText } from './found-text.tsx';
import { LevelMark } from './level-mark.tsx';
import { fieldsBeside, oneLine } from './line-text.ts';
import { LogDetails } from './log-details.tsx';
import { useWrittenTimes } from './use-log-search.ts';

export type LogRowProps = {
  readonly event: LogEvent;
  readonly open: boolean;
  /** What the search looked for; marked in the line. */
  readonly found: RegExp | null;
  readonly onToggle: () => void;
  readonly onSearchFor: (text: string) => void;
};

/** One line: time, level, source, message, fields; open, everything that is known of it. */
export const LogRow = memo(
  function LogRow({ event, open, found, onToggle, onSearchFor }: LogRowProps) {
    const beside = fieldsBeside(event.message, event.fields);
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
            <FoundText text={oneLine(event.message)} found={found} />
            {beside !== '' && (
              <span className="soft">
                {' '}
                <FoundText text={beside} found={found} />
              </span>
            )}
          </span>
        </button>
        {open && <LogDetails event={event} found={found} onSearchFor={onSearchFor} />}
      </>
    );
  },
  // The callbacks are made anew with every draw of the list and always mean the same.
  (before, after) =>
    before.event === after.event && before.open === after.open && before.found === after.found,
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
