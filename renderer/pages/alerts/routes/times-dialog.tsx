import { useState } from 'react';
import type { ConfigProblem } from '#shared/contract/notify.ts';
import type { TimeInterval, TimeSpan } from '#shared/contract/notify-config.ts';
import type { Result } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ConfigDialogFoot, useConfigSaving } from './config-saving.tsx';
import { SpanFields } from './span-fields.tsx';

/** Working hours: what most sites write first. */
const FIRST_SPAN: TimeSpan = {
  times: [{ from: 8 * 60, to: 18 * 60 }],
  weekdays: [{ from: 1, to: 5 }],
  daysOfMonth: [],
  months: [],
  years: [],
};

/** A span as it stands in the form: null while what is typed means nothing. */
type Drafted = { readonly key: number; readonly first: TimeSpan; readonly span: TimeSpan | null };

export type TimesDialogProps = {
  /** Null: a new one. */
  readonly interval: TimeInterval | null;
  readonly taken: readonly string[];
  readonly onClose: () => void;
  /** Null removes it. */
  readonly onSave: (interval: TimeInterval | null) => Promise<Result<readonly ConfigProblem[]>>;
};

/** Writes a time interval: a name for times, by which routes are mute or active. */
export function TimesDialog({ interval, taken, onClose, onSave }: TimesDialogProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(interval?.name ?? '');
  const [zone, setZone] = useState(interval?.zone ?? '');
  const [spans, setSpans] = useState<readonly Drafted[]>(() =>
    (interval?.spans ?? [FIRST_SPAN]).map((span, key) => ({ key, first: span, span })),
  );
  const saving = useConfigSaving(onClose);
  const title = name.trim();
  const isTaken = title !== interval?.name && taken.includes(title);
  const complete = spans.flatMap(({ span }) => span ?? []);
  const isComplete = title !== '' && !isTaken && spans.length > 0 && complete.length === spans.length;
  const add = (): void => {
    const key = Math.max(-1, ...spans.map((one) => one.key)) + 1;
    setSpans([...spans, { key, first: FIRST_SPAN, span: FIRST_SPAN }]);
  };
  return (
    <Overlay
      kind="dialog"
      title={t(interval === null ? 'alerts:times.new' : 'alerts:times.change')}
      onClose={onClose}
    >
      <form
        className="stack-small"
        data-testid="times-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete)
            void saving.run(onSave({ name: title, zone: zone.trim() || null, spans: complete }));
        }}
      >
        <div className="fields-row">
          <TextField
            label={t('alerts:times.name')}
            error={isTaken ? t('alerts:times.taken') : null}
            maxLength={200}
            value={name}
            onChange={setName}
          />
          <TextField
            label={t('alerts:times.zone')}
            hint={t('alerts:times.zoneHint')}
            mono
            maxLength={100}
            value={zone}
            onChange={setZone}
          />
        </div>
        <p className="soft">{t('alerts:times.means')}</p>
        {spans.map((one, at) => (
          <SpanFields
            key={one.key}
            label={t('alerts:times.span', { n: at + 1 })}
            span={one.first}
            onChange={(span) =>
              setSpans(spans.map((other) => (other.key === one.key ? { ...other, span } : other)))
            }
            onRemove={
              spans.length > 1 ? () => setSpans(spans.filter((other) => other.key !== one.key)) : null
            }
          />
        ))}
        <div>
          <Button kind="quiet" onClick={add}>
            + {t('alerts:times.addSpan')}
          </Button>
        </div>
        <ConfigDialogFoot saving={saving} isComplete={isComplete} onClose={onClose}>
          {interval !== null && (
            <Button kind="danger" onClick={() => void saving.run(onSave(null))}>
              {t('common:action.remove')}
            </Button>
          )}
        </ConfigDialogFoot>
      </form>
    </Overlay>
  );
}
