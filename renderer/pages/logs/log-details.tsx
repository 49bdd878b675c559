import { useState } from 'react';
import { Link } from 'react-router';
import type { LogEvent } from '#shared/contract/logs.ts';
import { Button } from '../../components/button.tsx';
import { copyText } from '../../components/save-text.ts';
import { StateBadge } from '../../components/state-badge.tsx';
import { absoluteText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { offsetText } from './clock-offset.ts';
import { FoundText } from './found-text.tsx';
import { LogContext } from './log-context.tsx';
import { asCondition } from './log-filters.ts';
import { useWrittenTimes } from './use-log-search.ts';

export type LogDetailsProps = {
  readonly event: LogEvent;
  /** What the search looked for; marked in the original line. */
  readonly found: RegExp | null;
  readonly onSearchFor: (text: string) => void;
};

/** How much of the metrics is shown around a line, milliseconds. */
const AROUND_MS = 900_000;

/** Everything that is known of one line: flags, where it came from, fields, the line as it was, and its neighbours. */
export function LogDetails({ event, found, onSearchFor }: LogDetailsProps) {
  const { t } = useTranslation();
  const [withContext, setWithContext] = useState(false);
  const fields = Object.entries(event.fields);
  const [asWritten] = useWrittenTimes();
  const { correctedTime } = event;
  const time = asWritten ? event.time : (correctedTime ?? event.time);
  return (
    <div className="log-details" data-testid="log-details">
      {event.flags.map((flag) => (
        <StateBadge key={flag} state="warning" word={t(`logs:flag.${flag}`)} />
      ))}
      <dl className="facts log-fields">
        {correctedTime !== undefined && (
          <>
            <dt>{t('logs:clock.corrected')}</dt>
            <dd className="figure">
              {absoluteText(correctedTime, true)}{' '}
              <span className="soft">
                {t('logs:clock.title', { offset: offsetText(event.time - correctedTime) })}
              </span>
            </dd>
          </>
        )}
        <FieldRow
          label={t('logs:details.source')}
          name="source"
          value={event.source}
          onSearchFor={onSearchFor}
        />
        <FieldRow label={t('logs:details.host')} name="host" value={event.host} onSearchFor={onSearchFor} />
        {event.stream !== '' && (
          <FieldRow
            label={t('logs:details.stream')}
            name="stream"
            value={event.stream}
            onSearchFor={onSearchFor}
          />
        )}
        {event.tags.map((tag) => (
          <FieldRow
            key={tag}
            label={t('logs:details.tag')}
            name="tag"
            value={tag}
            onSearchFor={onSearchFor}
          />
        ))}
        {fields.length === 0 ? (
          <>
            <dt>{t('logs:details.fields')}</dt>
            <dd className="soft">{t('logs:details.noFields')}</dd>
          </>
        ) : (
          fields.map(([name, value]) => (
            <FieldRow key={name} name={name} value={value} onSearchFor={onSearchFor} />
          ))
        )}
      </dl>
      <div>
        <strong>{t('logs:details.raw')}</strong>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
        <pre className="log-raw" tabIndex={0}>
          <FoundText text={event.raw} found={found} />
        </pre>
      </div>
      <div className="row">
        <Button onClick={() => void copyText(event.raw)}>{t('logs:details.copyRaw')}</Button>
        <Button aria-expanded={withContext} onClick={() => setWithContext(!withContext)}>
          {withContext ? t('logs:details.hideContext') : t('logs:details.context')}
        </Button>
        <Link className="btn" to={`/metrics?from=${time - AROUND_MS}&to=${time + AROUND_MS}`}>
          {t('logs:details.metrics')}
        </Link>
      </div>
      {withContext && <LogContext event={event} />}
    </div>
  );
}

type FieldRowProps = {
  /** What the field is called in the present language; its name when left out. */
  readonly label?: string;
  readonly name: string;
  readonly value: string;
  readonly onSearchFor: (text: string) => void;
};

/** A field with its value, which can be searched for or left out. */
function FieldRow({ label, name, value, onSearchFor }: FieldRowProps) {
  const { t } = useTranslation();
  const condition = asCondition(name, value);
  return (
    <>
      <dt className={label === undefined ? 'mono' : ''}>{label ?? name}</dt>
      <dd>
        <span className="mono">{value}</span>{' '}
        {value.trim() !== '' && value.length <= 200 && (
          <>
            <button
              type="button"
              className="linklike small"
              aria-label={t('logs:details.searchForValue', { value })}
              onClick={() => onSearchFor(condition)}
            >
              {t('logs:details.searchFor')}
            </button>{' '}
            <button
              type="button"
              className="linklike small"
              aria-label={t('logs:details.excludeValue', { value })}
              onClick={() => onSearchFor(`NOT ${condition}`)}
            >
              {t('logs:details.exclude')}
            </button>
          </>
        )}
      </dd>
    </>
  );
}
