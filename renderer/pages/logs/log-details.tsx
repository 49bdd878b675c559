import { useState } from 'react';
import type { LogEvent } from '#shared/contract/logs.ts';
import { Button } from '../../components/button.tsx';
import { copyText } from '../../components/save-text.ts';
import { StateBadge } from '../../components/state-badge.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { LogContext } from './log-context.tsx';

export type LogDetailsProps = {
  readonly event: LogEvent;
  readonly onSearchFor: (text: string) => void;
};

/** A condition for one field, as the query language takes it; fields with odd names are searched by value alone. */
export function asCondition(name: string, value: string): string {
  const quoted = `"${value.replace(/["\\]/g, '\\$&')}"`;
  return /^[\p{L}_@][\p{L}\p{N}_.@-]*$/u.test(name) ? `${name}:${quoted}` : quoted;
}

/** Everything that is known of one line: flags, fields, the line as it was, and its neighbours. */
export function LogDetails({ event, onSearchFor }: LogDetailsProps) {
  const { t } = useTranslation();
  const [withContext, setWithContext] = useState(false);
  const fields = Object.entries(event.fields);
  return (
    <div className="log-details" data-testid="log-details">
      {event.flags.map((flag) => (
        <StateBadge key={flag} state="warning" word={t(`logs:flag.${flag}`)} />
      ))}
      <dl className="facts">
        <dt>{t('logs:details.file')}</dt>
        <dd>
          {event.source} · {event.host}
        </dd>
        {fields.length === 0 ? (
          <>
            <dt>{t('logs:details.fields')}</dt>
            <dd className="soft">{t('logs:details.noFields')}</dd>
          </>
        ) : (
          fields.map(([name, value]) => (
            <Field key={name} name={name} value={value} onSearchFor={onSearchFor} />
          ))
        )}
      </dl>
      <div>
        <strong>{t('logs:details.raw')}</strong>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
        <pre className="log-raw" tabIndex={0}>
          {event.raw}
        </pre>
      </div>
      <div className="row">
        <Button onClick={() => void copyText(event.raw)}>{t('logs:details.copyRaw')}</Button>
        <Button aria-expanded={withContext} onClick={() => setWithContext(!withContext)}>
          {withContext ? t('logs:details.hideContext') : t('logs:details.context')}
        </Button>
      </div>
      {withContext && <LogContext event={event} />}
    </div>
  );
}

type FieldProps = {
  readonly name: string;
  readonly value: string;
  readonly onSearchFor: (text: string) => void;
};

function Field({ name, value, onSearchFor }: FieldProps) {
  const { t } = useTranslation();
  return (
    <>
      <dt className="mono">{name}</dt>
      <dd>
        <span className="mono">{value}</span>{' '}
        {value.trim() !== '' && value.length <= 200 && (
          <button
            type="button"
            className="linklike small"
            aria-label={t('logs:details.searchForValue', { value })}
            onClick={() => onSearchFor(asCondition(name, value))}
          >
            {t('logs:details.searchFor')}
          </button>
        )}
      </dd>
    </>
  );
}
