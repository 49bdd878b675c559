import { useState } from 'react';
import { type SeriesLimits, seriesLimitsSchema } from '#shared/contract/metrics-usage.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Field } from '../../../components/field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

/** A whole number with or without grouped thousands, or null. */
function numberIn(text: string): number | null {
  const plain = text.replace(/[,\s_]/g, '');
  return /^\d{1,12}$/.test(plain) ? Number(plain) : null;
}

/** The two limits of series; saved together, they hold from the next scrape on. */
export function LimitsForm({
  limits,
  onSaved,
}: {
  readonly limits: SeriesLimits;
  readonly onSaved: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const [perTarget, setPerTarget] = useState(limits.perTarget.toLocaleString('en-US'));
  const [total, setTotal] = useState(limits.total.toLocaleString('en-US'));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const { shape } = seriesLimitsSchema;
  const wrongTarget = !shape.perTarget.safeParse(numberIn(perTarget)).success;
  const wrongTotal = !shape.total.safeParse(numberIn(total)).success;
  const save = async (): Promise<void> => {
    const next = seriesLimitsSchema.safeParse({ perTarget: numberIn(perTarget), total: numberIn(total) });
    if (!next.success) return;
    setBusy(true);
    const result = await call('metrics.limits.set', next.data);
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (result.ok) onSaved();
  };
  return (
    <form
      className="stack tight"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Field
        label={t('metrics:usage.perTarget')}
        hint={t('metrics:usage.perTargetHint')}
        error={wrongTarget ? t('metrics:usage.perTargetBad') : null}
      >
        {(props) => (
          <input
            {...props}
            className="input figure"
            inputMode="numeric"
            value={perTarget}
            onChange={(event) => setPerTarget(event.target.value)}
          />
        )}
      </Field>
      <Field
        label={t('metrics:usage.total')}
        hint={t('metrics:usage.totalHint')}
        error={wrongTotal ? t('metrics:usage.totalBad') : null}
      >
        {(props) => (
          <input
            {...props}
            className="input figure"
            inputMode="numeric"
            value={total}
            onChange={(event) => setTotal(event.target.value)}
          />
        )}
      </Field>
      {error && <ErrorNotice error={error} />}
      <div className="row">
        <Button type="submit" disabled={busy || wrongTarget || wrongTotal}>
          {t('metrics:usage.saveLimits')}
        </Button>
      </div>
    </form>
  );
}
