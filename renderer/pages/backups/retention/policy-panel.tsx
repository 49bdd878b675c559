import { useState } from 'react';
import type { BackupPlan } from '#shared/contract/backup.ts';
import type { RetentionPolicy } from '#shared/contract/backup-retention.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { retentionText, verifyText } from '../../../wizards/backup-plan/plan-text.ts';
import { presets } from '../../../wizards/backup-plan/presets.ts';
import { PolicyFields } from './policy-fields.tsx';

const coverDays = [7, 14, 30, 60, 90, 180, 365];

/** What may be changed here. */
export type RetentionDraft = {
  readonly retention: RetentionPolicy | null;
  readonly verifyCoverDays: number | null;
};

export type PolicyPanelProps = {
  readonly plan: BackupPlan;
  readonly draft: RetentionDraft;
  readonly onChange: (draft: RetentionDraft) => void;
  /** Whether the draft differs from what is in force. */
  readonly isChanged: boolean;
};

/** The policy as a form and as a sentence; nothing is in force before it is saved. */
export function PolicyPanel({ plan, draft, onChange, isChanged }: PolicyPanelProps) {
  const { t } = useTranslation();
  const text = useText();
  const call = useCall();
  const [error, setError] = useState<AppError | null>(null);
  const [saving, setSaving] = useState(false);
  const save = async (): Promise<void> => {
    setSaving(true);
    const answer = await call('backup.plans.update', { ...plan, ...draft });
    setSaving(false);
    setError(answer.ok ? null : answer.error);
  };
  const days = draft.verifyCoverDays;
  const offered = days === null || coverDays.includes(days) ? coverDays : [...coverDays, days];
  return (
    <Panel title={t('retention:policy.title')}>
      <div className="stack">
        <p data-testid="policy-sentence">
          {retentionText(t, text, draft.retention)}
          {' · '}
          {verifyText(t, days)}
        </p>
        <PolicyFields
          value={draft.retention}
          suggested={presets[plan.dataClass].retention}
          onChange={(retention) => onChange({ ...draft, retention })}
        />
        <SelectField
          label={t('plans:protection.verify')}
          value={days}
          options={[
            [null, t('plans:protection.verifyNever')],
            ...offered.map((each) => [each, t('plans:protection.verifyDays', { days: each })] as const),
          ]}
          onChange={(verifyCoverDays) => onChange({ ...draft, verifyCoverDays })}
        />
        {error && <ErrorNotice error={error} />}
        {isChanged && (
          <div className="row">
            <Button kind="primary" disabled={saving} data-testid="save-policy" onClick={() => void save()}>
              {t('retention:policy.save')}
            </Button>
            <Button
              onClick={() => onChange({ retention: plan.retention, verifyCoverDays: plan.verifyCoverDays })}
            >
              {t('retention:policy.revert')}
            </Button>
            <span className="soft">{t('retention:policy.unsaved')}</span>
          </div>
        )}
      </div>
    </Panel>
  );
}
