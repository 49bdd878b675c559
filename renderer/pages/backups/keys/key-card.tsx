import { useState } from 'react';
import { Link } from 'react-router';
import type { BackupKey } from '#shared/contract/backup-encryption.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { AbsoluteTime } from '../../../components/figures.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { PdfButton } from '../../../print/pdf-button.tsx';

/** One key: whether it is unlocked, when it was last tried, what it opens, and what can be done with it. */
export function KeyCard({
  backupKey: key,
  onTest,
  onSplit,
  onRemoved,
}: {
  readonly backupKey: BackupKey;
  readonly onTest: () => void;
  readonly onSplit: () => void;
  readonly onRemoved: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const [error, setError] = useState<AppError | null>(null);
  const name = key.name ?? t('keys:unnamed');
  const isUnlocked = key.unlockedUntil !== null;
  const remove = async (): Promise<void> => {
    const answer = await call('backup.keys.remove', { recipient: key.recipient });
    if (answer.ok) onRemoved();
    else setError(answer.error);
  };
  return (
    <Panel title={name}>
      <div className="stack">
        <div className="row">
          {key.unlockedUntil === null ? (
            <StateBadge state="unknown" word={t('keys:state.locked')} />
          ) : (
            <StateBadge
              state="info"
              word={t('keys:state.unlocked', { until: absoluteText(key.unlockedUntil) })}
            />
          )}
          <TestBadge backupKey={key} />
        </div>
        <KeyFacts backupKey={key} />
        <div className="row">
          <Button onClick={onTest}>{t('keys:test.action')}…</Button>
          <PdfButton
            kind="key-sheet"
            id={key.fingerprint}
            name={`key-sheet-${name}`}
            label={t('keys:sheet.save')}
          />
          <Button disabled={!isUnlocked} onClick={onSplit}>
            {t('keys:split.action')}…
          </Button>
          <span className="spacer" />
          {key.name !== null && (
            <Button kind="quiet" onClick={() => void remove()}>
              {t('keys:remove')}
            </Button>
          )}
        </div>
        {isUnlocked && (
          <div className="row">
            <PdfButton
              kind="key-sheet"
              id={`${key.fingerprint}~identity`}
              name={`key-sheet-identity-${name}`}
              label={t('keys:sheet.withIdentity')}
            />
            <span className="soft small">{t('keys:sheet.warn')}</span>
          </div>
        )}
        {error && <ErrorNotice error={error} />}
      </div>
    </Panel>
  );
}

function TestBadge({ backupKey: { isTestOverdue, testedAt } }: { readonly backupKey: BackupKey }) {
  const { t } = useTranslation();
  if (isTestOverdue) return <StateBadge state="warning" word={t('keys:state.overdue')} />;
  return testedAt === null ? (
    <StateBadge state="unknown" word={t('keys:state.untested')} />
  ) : (
    <StateBadge state="ok" word={t('keys:state.tested')} />
  );
}

function KeyFacts({ backupKey: key }: { readonly backupKey: BackupKey }) {
  const { t } = useTranslation();
  return (
    <dl className="facts">
      <dt>{t('keys:fact.fingerprint')}</dt>
      <dd className="mono">{key.fingerprint}</dd>
      <dt>{t('keys:fact.recipient')}</dt>
      <dd className="mono small">
        {key.recipient.length > 90 ? `${key.recipient.slice(0, 90)}…` : key.recipient}
      </dd>
      <dt>{t('keys:fact.plans')}</dt>
      <dd>
        {key.plans.length === 0
          ? t('keys:fact.noPlans')
          : key.plans.map((plan) => (
              <span key={plan}>
                <Link to={`/backups/${encodeURIComponent(plan)}`} data-verbatim>
                  {plan}
                </Link>{' '}
              </span>
            ))}
      </dd>
      <dt>{t('keys:fact.keyFile')}</dt>
      <dd>
        {key.hasKeyFile
          ? t('keys:fact.hasKeyFile', { file: `${key.name ?? ''}.key.age` })
          : t('keys:fact.noKeyFile')}
      </dd>
      <dt>{t('keys:fact.tested')}</dt>
      <dd>{key.testedAt === null ? t('keys:fact.never') : <AbsoluteTime time={key.testedAt} />}</dd>
      {key.testDueAt !== null && (
        <>
          <dt>{t('keys:fact.due')}</dt>
          <dd>
            <AbsoluteTime time={key.testDueAt} />
          </dd>
        </>
      )}
    </dl>
  );
}
