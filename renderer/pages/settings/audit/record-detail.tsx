import { Fragment } from 'react';
import type { AuditRecord } from '#shared/contract/audit.ts';
import { auditActionWords } from '#shared/domain/audit-words.ts';
import { Overlay } from '../../../components/drawer.tsx';
import { AbsoluteTime } from '../../../components/figures.tsx';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { OutcomeBadge } from './outcome-badge.tsx';

/** Everything that the trail says of one action. */
export function RecordDetail({
  record,
  onClose,
}: {
  readonly record: AuditRecord;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const text = useText();
  const { outcome, code, made, asked } = record;
  return (
    <Overlay title={t('audit:detail', { n: record.n })} onClose={onClose}>
      <div className="stack" data-testid="audit-detail">
        <dl className="facts">
          <dt>{t('audit:column.at')}</dt>
          <dd>
            <AbsoluteTime time={record.at} />
          </dd>
          <dt>{t('audit:column.by')}</dt>
          <dd>{record.by}</dd>
          <dt>{t('audit:column.via')}</dt>
          <dd>{t(`audit:via.${record.via}`)}</dd>
          <dt>{t('audit:column.action')}</dt>
          <dd>
            {text(auditActionWords(record.action))} <code className="soft">{record.action}</code>
          </dd>
          {record.object !== '' && (
            <>
              <dt>{t('audit:column.object')}</dt>
              <dd>{record.object}</dd>
            </>
          )}
          <dt>{t('audit:column.outcome')}</dt>
          <dd>
            <OutcomeBadge outcome={outcome} />
            {(outcome === 'begun' || outcome === 'open' || outcome === 'refused') && (
              <p className="soft small">{t(`audit:outcomeHint.${outcome}`)}</p>
            )}
          </dd>
          {code !== null && (
            <>
              <dt>{t('audit:code')}</dt>
              <dd>
                <code>{code}</code>
              </dd>
            </>
          )}
          {record.endedAt !== null && (
            <>
              <dt>{t('audit:endedAt')}</dt>
              <dd>
                <AbsoluteTime time={record.endedAt} />
              </dd>
            </>
          )}
          {made !== null && (
            <>
              <dt>{t('audit:made')}</dt>
              <dd className="mono">{made}</dd>
            </>
          )}
        </dl>
        <h3>{t('audit:asked')}</h3>
        {Object.keys(asked).length === 0 ? (
          <p className="soft">{t('audit:askedNone')}</p>
        ) : (
          <dl className="facts">
            {Object.entries(asked).map(([field, value]) => (
              <Fragment key={field}>
                <dt>
                  <code>{field}</code>
                </dt>
                <dd>{value}</dd>
              </Fragment>
            ))}
          </dl>
        )}
        <p className="soft small break">
          {t('audit:hash')}: <code>{record.hash}</code>
        </p>
      </div>
    </Overlay>
  );
}
