import { useState } from 'react';
import type { InhibitRule, NotifyConfig, NotifySettings } from '#shared/contract/notify-config.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { durationText } from '../../../components/time.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { formatMatchers } from '../alert-address.ts';
import { InhibitDialog } from './inhibit-dialog.tsx';
import { withInterval } from './route-tree.ts';
import { TimesDialog } from './times-dialog.tsx';
import type { SaveConfig } from './use-config.ts';

/** What keeps notices from being sent besides routes: inhibition, dead hosts, flapping, quiet times. */
export function RulesPanel({ config, save }: { readonly config: NotifyConfig; readonly save: SaveConfig }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<number | null>(null);
  const [times, setTimes] = useState<number | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const { settings, inhibitRules, timeIntervals } = config;
  const change = async (part: Partial<NotifySettings>): Promise<void> => {
    const answer = await save({ ...config, settings: { ...settings, ...part } });
    setError(answer.ok ? null : answer.error);
  };
  const { flapping, dependencies } = settings;
  return (
    <Panel
      title={t('alerts:quieting.title')}
      extra={
        <span className="row">
          <Button onClick={() => setTimes(timeIntervals.length)}>{t('alerts:times.new')}</Button>
          <Button onClick={() => setEditing(inhibitRules.length)}>{t('alerts:quieting.newInhibit')}</Button>
        </span>
      }
    >
      {error && <ErrorNotice error={error} />}
      <ul className="plain-list lines">
        <li>
          <label className="row nowrap">
            <input
              type="checkbox"
              checked={dependencies.enabled}
              onChange={(event) =>
                void change({ dependencies: { ...dependencies, enabled: event.target.checked } })
              }
            />
            <span>{t('alerts:quieting.dependencies', { time: durationText(t, dependencies.waitMs) })}</span>
          </label>
        </li>
        <li>
          <label className="row nowrap">
            <input
              type="checkbox"
              checked={flapping.enabled}
              onChange={(event) => void change({ flapping: { ...flapping, enabled: event.target.checked } })}
            />
            <span>
              {t('alerts:quieting.flapping', {
                count: flapping.openings,
                window: durationText(t, flapping.windowMs),
                calm: durationText(t, flapping.calmMs),
              })}
            </span>
          </label>
        </li>
        {inhibitRules.map((rule, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rules have no identity but their place, which is their number.
          <li key={index} className="row">
            <span className="grow">
              <InhibitSentence rule={rule} />
            </span>
            <Button
              kind="quiet"
              aria-label={`${t('alerts:edit')} ${t('alerts:quieting.inhibit', { n: index + 1 })}`}
              onClick={() => setEditing(index)}
            >
              {t('alerts:edit')}
            </Button>
          </li>
        ))}
        {timeIntervals.map(({ name, zone, spans }, index) => (
          <li key={name} className="row">
            <span className="grow">
              {t('alerts:quieting.interval', { name, count: spans.length })}
              {zone !== null && <span className="soft"> {zone}</span>}
            </span>
            <Button kind="quiet" aria-label={`${t('alerts:edit')} ${name}`} onClick={() => setTimes(index)}>
              {t('alerts:edit')}
            </Button>
          </li>
        ))}
      </ul>
      {editing !== null && (
        <InhibitDialog
          rule={inhibitRules[editing] ?? null}
          onClose={() => setEditing(null)}
          onSave={(rule) => save({ ...config, inhibitRules: replaced(inhibitRules, editing, rule) })}
        />
      )}
      {times !== null && (
        <TimesDialog
          interval={timeIntervals[times] ?? null}
          taken={timeIntervals.map(({ name }) => name)}
          onClose={() => setTimes(null)}
          onSave={(interval) => save(withInterval(config, times, interval))}
        />
      )}
    </Panel>
  );
}

/** The members with the one at a place replaced, added, or (null) taken away. */
function replaced<T>(members: readonly T[], index: number, member: T | null): T[] {
  const next = [...members];
  next.splice(index, 1, ...(member === null ? [] : [member]));
  return next;
}

function InhibitSentence({ rule }: { readonly rule: InhibitRule }) {
  const { t } = useTranslation();
  return (
    <>
      {rule.title !== '' && <strong>{rule.title}: </strong>}
      {t('alerts:quieting.while')} <code>{formatMatchers(rule.source)}</code> {t('alerts:quieting.quiet')}{' '}
      <code>{formatMatchers(rule.target)}</code>
      {rule.equal.length > 0 && (
        <>
          {' '}
          {t('alerts:quieting.equal')} <code>{rule.equal.join(', ')}</code>
        </>
      )}
    </>
  );
}
