import { useState } from 'react';
import {
  type MetricsSettings,
  metricsSettingsSchema,
  type RetentionClass,
} from '#shared/contract/metrics-settings.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Field } from '../../components/field.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useCall } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { formatMatchers, parseMatchers } from './matchers-text.ts';

const GIB = 2 ** 30;

/** A class as it is being typed; `key` tells the rows apart. */
type ClassDraft = {
  readonly key: number;
  readonly name: string;
  readonly matchers: string;
  readonly days: string;
};

type Draft = {
  readonly days: string;
  readonly fiveMinutes: string;
  readonly hours: string;
  readonly gib: string;
  readonly leftOpenRanges: boolean;
  readonly classes: readonly ClassDraft[];
};

/** The settings as text fields. */
function draftOf(settings: MetricsSettings): Draft {
  return {
    days: String(settings.days),
    fiveMinutes: String(settings.rollupDays.fiveMinutes),
    hours: String(settings.rollupDays.hours),
    gib: settings.maxBytes === null ? '' : String(Number((settings.maxBytes / GIB).toFixed(2))),
    leftOpenRanges: settings.leftOpenRanges,
    classes: settings.classes.map((one, key) => ({
      key,
      name: one.name,
      matchers: formatMatchers(one.matchers),
      days: String(one.days),
    })),
  };
}

/** What the fields say, or null when some field cannot be used. */
function settingsOf(draft: Draft): MetricsSettings | null {
  const classes: RetentionClass[] = [];
  for (const { name, matchers, days } of draft.classes) {
    const read = parseMatchers(matchers);
    if (read === null) return null;
    classes.push({ name: name.trim(), matchers: read, days: Number(days) });
  }
  const maxBytes = draft.gib.trim() === '' ? null : Math.round(Number(draft.gib) * GIB);
  const checked = metricsSettingsSchema.safeParse({
    days: Number(draft.days),
    rollupDays: { fiveMinutes: Number(draft.fiveMinutes), hours: Number(draft.hours) },
    classes,
    leftOpenRanges: draft.leftOpenRanges,
    maxBytes,
  });
  return checked.success ? checked.data : null;
}

const badDays = (days: string): boolean => !/^\d+$/.test(days) || Number(days) < 1 || Number(days) > 3650;

/** How long metrics are kept and how much space they may take. A change applies at once. */
export function RetentionForm({
  initial,
  onSaved,
}: {
  readonly initial: MetricsSettings;
  readonly onSaved: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const [draft, setDraft] = useState(() => draftOf(initial));
  const [saved, setSaved] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const settings = settingsOf(draft);
  const change = (part: Partial<Draft>): void => {
    setDraft({ ...draft, ...part });
    setSaved(false);
  };
  const save = async (): Promise<void> => {
    if (settings === null) return;
    const result = await call('metrics.settings.set', settings);
    setError(result.ok ? null : result.error);
    setSaved(result.ok);
    if (result.ok) onSaved();
  };
  const gib = draft.gib.trim() === '' ? null : Number(draft.gib);
  return (
    <form
      className="fields"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Field
        label={t('settings:storage.keepDays')}
        hint={t('settings:storage.keepDaysHint')}
        error={badDays(draft.days) ? t('settings:storage.daysBad') : null}
      >
        {(props) => (
          <input
            {...props}
            className="input"
            inputMode="numeric"
            value={draft.days}
            onChange={(event) => change({ days: event.target.value.trim() })}
          />
        )}
      </Field>
      {(['fiveMinutes', 'hours'] as const).map((resolution) => (
        <Field
          key={resolution}
          label={t(`settings:storage.rollupDays.${resolution}`)}
          hint={t(`settings:storage.rollupDays.${resolution}Hint`)}
          error={badDays(draft[resolution]) ? t('settings:storage.daysBad') : null}
        >
          {(props) => (
            <input
              {...props}
              className="input"
              inputMode="numeric"
              value={draft[resolution]}
              onChange={(event) => change({ [resolution]: event.target.value.trim() })}
            />
          )}
        </Field>
      ))}
      <Field
        label={t('settings:storage.limit')}
        hint={t('settings:storage.limitHint')}
        error={gib !== null && !(gib >= 0.25 && gib <= 1_048_576) ? t('settings:storage.limitBad') : null}
      >
        {(props) => (
          <input
            {...props}
            className="input"
            inputMode="decimal"
            value={draft.gib}
            onChange={(event) => change({ gib: event.target.value })}
          />
        )}
      </Field>
      <ClassRows classes={draft.classes} onChange={(classes) => change({ classes })} />
      <label className="row">
        <input
          type="checkbox"
          checked={draft.leftOpenRanges}
          onChange={(event) => change({ leftOpenRanges: event.target.checked })}
        />
        {t('settings:storage.leftOpen')}
      </label>
      {error && <ErrorNotice error={error} />}
      <div className="row">
        <Button kind="primary" type="submit" disabled={settings === null}>
          {t('common:action.save')}
        </Button>
        <span role="status">{saved && <StateBadge state="ok" word={t('settings:site.saved')} />}</span>
      </div>
    </form>
  );
}

/** The retention classes, each with its name, conditions and days. */
function ClassRows({
  classes,
  onChange,
}: {
  readonly classes: readonly ClassDraft[];
  readonly onChange: (classes: readonly ClassDraft[]) => void;
}) {
  const { t } = useTranslation();
  const edit = (key: number, part: Partial<ClassDraft>): void =>
    onChange(classes.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const names = classes.map(({ name }) => name.trim());
  const badName = (name: string): boolean =>
    !/^[a-z][a-z0-9-]{0,23}$/.test(name.trim()) || names.filter((one) => one === name.trim()).length > 1;
  return (
    <fieldset className="retention-classes">
      <legend>{t('settings:storage.classes')}</legend>
      <p className="small soft">{t('settings:storage.classesHint')}</p>
      {classes.map((one) => (
        <div className="retention-class" key={one.key}>
          <Field
            label={t('settings:storage.className')}
            error={badName(one.name) ? t('settings:storage.classNameBad') : null}
          >
            {(props) => (
              <input
                {...props}
                className="input"
                value={one.name}
                onChange={(event) => edit(one.key, { name: event.target.value })}
              />
            )}
          </Field>
          <Field
            label={t('settings:storage.conditions')}
            error={parseMatchers(one.matchers) === null ? t('settings:storage.conditionsBad') : null}
          >
            {(props) => (
              <input
                {...props}
                className="input mono"
                placeholder='job="app"'
                value={one.matchers}
                onChange={(event) => edit(one.key, { matchers: event.target.value })}
              />
            )}
          </Field>
          <Field
            label={t('settings:storage.days')}
            error={badDays(one.days) ? t('settings:storage.daysBad') : null}
          >
            {(props) => (
              <input
                {...props}
                className="input"
                inputMode="numeric"
                value={one.days}
                onChange={(event) => edit(one.key, { days: event.target.value.trim() })}
              />
            )}
          </Field>
          <Button
            kind="quiet"
            aria-label={t('settings:storage.removeClassNamed', { name: one.name })}
            onClick={() => onChange(classes.filter(({ key }) => key !== one.key))}
          >
            {t('settings:storage.removeClass')}
          </Button>
        </div>
      ))}
      {classes.length < 8 && (
        <div className="row">
          <Button
            onClick={() => {
              const key = Math.max(-1, ...classes.map((one) => one.key)) + 1;
              onChange([...classes, { key, name: '', matchers: '', days: '7' }]);
            }}
          >
            {t('settings:storage.addClass')}
          </Button>
        </div>
      )}
    </fieldset>
  );
}
