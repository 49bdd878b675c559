import { useEffect, useState } from 'react';
import type { LogField } from '#shared/contract/logs-search.ts';
import { Button } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { useRequest } from '../../../components/use-request.ts';
import type { TimeRangeControl } from '../../../components/use-time-range.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { asCondition, type LogFilters, toggled } from '../log-filters.ts';
import { useStillWindow } from '../use-log-search.ts';

export type FieldPanelProps = {
  readonly filters: LogFilters;
  readonly range: TimeRangeControl;
  /** How often somebody asked to search again. */
  readonly asked: number;
  readonly onSearchFor: (condition: string) => void;
  readonly onClose: () => void;
};

/** Fields that open by themselves: they are what people look at first. */
const OPEN_FIRST = ['level', 'source', 'host'];

/** What values the fields of all found lines have, not only of those shown; a click adds one to the search. */
export function FieldPanel({ filters, range, asked, onSearchFor, onClose }: FieldPanelProps) {
  const { t } = useTranslation();
  const [window, again] = useStillWindow(filters, range);
  useEffect(() => {
    if (asked > 0) again();
  }, [asked, again]);
  const request = useRequest('logs.fields', window);
  const [wanted, setWanted] = useState('');
  const [open, setOpen] = useState<readonly string[]>(OPEN_FIRST);
  return (
    <section className="field-panel" aria-label={t('logs:fields.title')} data-testid="log-field-panel">
      <div className="field-panel-head">
        <strong>{t('logs:fields.title')}</strong>
        <span className="spacer" />
        <Button kind="quiet" className="icon-btn" aria-label={t('logs:fields.again')} onClick={again}>
          <Icon name="refresh" size={14} />
        </Button>
        <Button kind="quiet" className="icon-btn" aria-label={t('common:action.close')} onClick={onClose}>
          <Icon name="close" size={14} />
        </Button>
      </div>
      <RequestView request={request} rows={8}>
        {({ events, fields, more }) => {
          const shown = fields.filter(({ name }) => name.toLowerCase().includes(wanted.trim().toLowerCase()));
          return (
            <>
              <p className="soft small figure">
                {t('logs:fields.over', { count: events.toLocaleString('en-US') })}
                {more > 0 && ` ${t('logs:fields.more', { count: more })}`}
              </p>
              {fields.length > 8 && (
                <input
                  className="input"
                  aria-label={t('logs:fields.filter')}
                  placeholder={t('logs:fields.filter')}
                  value={wanted}
                  onChange={(event) => setWanted(event.target.value)}
                />
              )}
              <ul className="plain-list field-list">
                {shown.map((field) => (
                  <FieldItem
                    key={field.name}
                    field={field}
                    of={events}
                    open={open.includes(field.name)}
                    onToggle={() => setOpen((old) => toggled(old, field.name))}
                    onSearchFor={onSearchFor}
                  />
                ))}
              </ul>
            </>
          );
        }}
      </RequestView>
    </section>
  );
}

type FieldItemProps = {
  readonly field: LogField;
  /** Lines in all. */
  readonly of: number;
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly onSearchFor: (condition: string) => void;
};

function FieldItem({ field, of, open, onToggle, onSearchFor }: FieldItemProps) {
  const { t } = useTranslation();
  const share = (count: number): number => (of === 0 ? 0 : Math.round((count / of) * 1000) / 10);
  if (field.count === 0) return null;
  return (
    <li>
      <button type="button" className="field-name" aria-expanded={open} onClick={onToggle}>
        <Icon name={open ? 'down' : 'arrow'} size={12} />
        <span className="mono ellipsis grow">{field.name}</span>
        <span className="soft small figure">
          {t(field.exact ? 'logs:fields.distinct' : 'logs:fields.distinctAtLeast', {
            count: field.distinct.toLocaleString('en-US'),
          })}
        </span>
      </button>
      {open && (
        <div className="field-values">
          {field.numbers && (
            <p className="soft small figure">
              {t('logs:fields.numbers', {
                min: plain(field.numbers.min),
                p50: plain(field.numbers.p50),
                p95: plain(field.numbers.p95),
                p99: plain(field.numbers.p99),
                max: plain(field.numbers.max),
              })}
            </p>
          )}
          <ul className="plain-list">
            {field.top.map(({ value, count }) => (
              <li key={value} className="field-value">
                <button
                  type="button"
                  className="field-take"
                  title={t('logs:fields.addTitle', { value, count: count.toLocaleString('en-US') })}
                  onClick={() => onSearchFor(asCondition(field.name, value))}
                >
                  <span className="field-bar" style={{ width: `${share(count)}%` }} />
                  <span className="mono ellipsis">{value === '' ? t('logs:fields.empty') : value}</span>
                  <span className="figure small">{share(count)} %</span>
                </button>
                <button
                  type="button"
                  className="field-drop"
                  aria-label={t('logs:fields.exclude', { value })}
                  title={t('logs:fields.exclude', { value })}
                  onClick={() => onSearchFor(`NOT ${asCondition(field.name, value)}`)}
                >
                  −
                </button>
              </li>
            ))}
          </ul>
          {field.distinct > field.top.length && (
            <p className="soft small figure">
              {t('logs:fields.topOf', {
                shown: field.top.length,
                count: field.distinct.toLocaleString('en-US'),
              })}
            </p>
          )}
        </div>
      )}
    </li>
  );
}

function plain(value: number): string {
  return Number(value.toPrecision(4)).toLocaleString('en-US', { maximumFractionDigits: 3 });
}
