import { useState } from 'react';
import { type BackupPlan, type BackupType, backupTypeSchema } from '#shared/contract/backup.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { Overlay } from '../../components/drawer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useCall } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';

/** Starts a run of a plan, of its usual type or of another; how it goes is told by the job. */
export function RunNow({ plan, busy }: { readonly plan: BackupPlan; readonly busy: boolean }) {
  const { t } = useTranslation();
  const call = useCall();
  const [asked, setAsked] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const [last, setLast] = useState<BackupType>('full');
  const run = async (type: BackupType, regardless = false): Promise<void> => {
    setChoosing(false);
    setAsked(true);
    setLast(type);
    const answer = await call('backup.run', { name: plan.name, type, regardless });
    setAsked(false);
    setError(answer.ok ? null : answer.error);
  };
  const synthesize = async (): Promise<void> => {
    setChoosing(false);
    setAsked(true);
    const answer = await call('backup.synthesize', { name: plan.name });
    setAsked(false);
    setError(answer.ok ? null : answer.error);
  };
  return (
    <>
      {error && <ErrorNotice error={error} />}
      {error?.code === 'BACKUP_OUTSIDE_WINDOW' && (
        <Button disabled={busy || asked} onClick={() => void run(last, true)}>
          {t('plans:run.regardless')}
        </Button>
      )}
      <Button disabled={busy || asked} onClick={() => void run(usualType(plan))}>
        {t('backups:plan.run')}
      </Button>
      <Button
        kind="quiet"
        disabled={busy || asked}
        aria-haspopup="dialog"
        data-testid="choose-type"
        onClick={() => setChoosing(true)}
      >
        {t('backups:plan.chooseType')}
      </Button>
      {choosing && (
        <Overlay
          kind="dialog"
          title={t('backups:plan.chooseTypeOf', { name: plan.name })}
          onClose={() => setChoosing(false)}
        >
          <TypeChoices onChoose={(type) => void run(type)} />
          {plan.points > 0 && (
            <div className="stack-small">
              <Button data-run-type="synthetic" onClick={() => void synthesize()}>
                {t('backups:synthetic.name')}
              </Button>
              <span className="soft">{t('backups:synthetic.body')}</span>
            </div>
          )}
        </Overlay>
      )}
    </>
  );
}

/** What "Back up now" makes: what comes next anyway, and a full where nothing is scheduled or nothing is there to build on. */
function usualType({ nextRunType, points }: BackupPlan): BackupType {
  return points === 0 ? 'full' : (nextRunType ?? 'full');
}

/** The three types, each with what it stores and what it costs. */
function TypeChoices({ onChoose }: { readonly onChoose: (type: BackupType) => void }) {
  const { t } = useTranslation();
  return (
    <div className="stack">
      {backupTypeSchema.options.map((type) => (
        <div key={type} className="stack-small">
          <Button data-run-type={type} onClick={() => onChoose(type)}>
            {t(`backups:type.${type}`)}
          </Button>
          <span className="soft">{t(`backups:typeBody.${type}`)}</span>
        </div>
      ))}
    </div>
  );
}
