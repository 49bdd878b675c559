import { useMemo, useState } from 'react';
import type { Risk } from '#shared/contract/recovery-register.ts';
import { Button } from '../../../components/button.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { StateBadge, type StateName } from '../../../components/state-badge.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { PdfButton } from '../../../print/pdf-button.tsx';
import { RiskForm } from './risk-form.tsx';
import { RiskStarters } from './risk-starters.tsx';
import { useWords } from './words-field.tsx';

/** How bad a risk is, by likelihood × impact: 15 and more is high, 8 and more medium. */
export function riskLevel({
  likelihood,
  impact,
}: Pick<Risk, 'likelihood' | 'impact'>): 'low' | 'medium' | 'high' {
  const product = likelihood * impact;
  return product >= 15 ? 'high' : product >= 8 ? 'medium' : 'low';
}

const shapes: Readonly<Record<ReturnType<typeof riskLevel>, StateName>> = {
  low: 'info',
  medium: 'warning',
  high: 'critical',
};

/** The risk register, the highest first, with what has not been reviewed in time. */
export function RisksTab() {
  const { t } = useTranslation();
  const request = useRequest('recovery.risks.list', {});
  useEvent('recovery.changed', request.reload);
  const [edited, setEdited] = useState<Risk | 'new' | null>(null);
  const [starting, setStarting] = useState(false);
  return (
    <RequestView request={request} rows={6}>
      {({ risks, overdue, starters }) => (
        <>
          <RisksTable
            risks={risks}
            overdue={overdue}
            onEdit={setEdited}
            onStart={() => setStarting(true)}
            canStart={starters.length > 0}
          />
          <div className="row">
            <Button kind={risks.length > 0 ? 'primary' : 'default'} onClick={() => setEdited('new')}>
              {t('recovery:disaster.add')}
            </Button>
            {risks.length > 0 && starters.length > 0 && (
              <Button onClick={() => setStarting(true)}>{t('recovery:disaster.risks.starters')}</Button>
            )}
            <span className="spacer" />
            {risks.length > 0 && <PdfButton kind="risks" name="risk-register" />}
          </div>
          {edited && <RiskForm risk={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
          {starting && <RiskStarters starters={starters} onClose={() => setStarting(false)} />}
        </>
      )}
    </RequestView>
  );
}

function RisksTable({
  risks,
  overdue,
  onEdit,
  onStart,
  canStart,
}: {
  readonly risks: readonly Risk[];
  readonly overdue: readonly string[];
  readonly onEdit: (risk: Risk) => void;
  readonly onStart: () => void;
  readonly canStart: boolean;
}) {
  const { t } = useTranslation();
  const words = useWords();
  const columns = useMemo(
    (): readonly Column<Risk>[] => [
      {
        id: 'level',
        title: t('recovery:disaster.risks.level'),
        width: 110,
        text: (risk) =>
          `${risk.likelihood * risk.impact} ${t(`recovery:disaster.risks.levels.${riskLevel(risk)}`)}`,
        render: (risk) => (
          <StateBadge
            state={shapes[riskLevel(risk)]}
            word={`${risk.likelihood} × ${risk.impact} ${t(`recovery:disaster.risks.levels.${riskLevel(risk)}`)}`}
          />
        ),
        sortBy: (risk) => risk.likelihood * risk.impact,
      },
      {
        id: 'title',
        title: t('recovery:disaster.risks.risk'),
        width: 240,
        text: (risk) => words(risk.title),
        render: (risk) => (
          <button type="button" className="linklike" onClick={() => onEdit(risk)}>
            {words(risk.title)}
          </button>
        ),
        sortBy: (risk) => words(risk.title),
      },
      {
        id: 'kind',
        title: t('recovery:disaster.risks.kind'),
        width: 100,
        text: (risk) => t(`recovery:disaster.risks.kinds.${risk.kind}`),
        sortBy: (risk) => risk.kind,
      },
      {
        id: 'measures',
        title: t('recovery:disaster.risks.measures'),
        width: 320,
        text: (risk) => words(risk.measures),
      },
      {
        id: 'owner',
        title: t('recovery:disaster.owner'),
        width: 110,
        text: (risk) => risk.owner || t('recovery:disaster.risks.unset'),
        sortBy: (risk) => risk.owner,
      },
      {
        id: 'review',
        title: t('recovery:disaster.risks.review'),
        width: 150,
        text: (risk) =>
          risk.reviewAt === null
            ? t('recovery:disaster.risks.unset')
            : `${absoluteText(risk.reviewAt).slice(0, 10)}${overdue.includes(risk.id) ? ` ${t('recovery:disaster.risks.overdue')}` : ''}`,
        render: (risk) =>
          risk.reviewAt === null ? (
            <span className="soft">{t('recovery:disaster.risks.unset')}</span>
          ) : overdue.includes(risk.id) ? (
            <StateBadge
              state="warning"
              word={`${absoluteText(risk.reviewAt).slice(0, 10)} ${t('recovery:disaster.risks.overdue')}`}
            />
          ) : (
            <span className="figure">{absoluteText(risk.reviewAt).slice(0, 10)}</span>
          ),
        sortBy: (risk) => risk.reviewAt ?? 0,
      },
    ],
    [t, words, overdue, onEdit],
  );
  return (
    <DataTable
      id="risks"
      label={t('recovery:disaster.risks.title')}
      columns={columns}
      rows={risks}
      rowKey={({ id }) => id}
      onOpen={onEdit}
      defaultSort={{ column: 'level', descending: true }}
      maxHeight={420}
      empty={
        <EmptyState
          title={t('recovery:disaster.risks.none')}
          body={t('recovery:disaster.risks.noneBody')}
          action={
            canStart && (
              <Button kind="primary" onClick={onStart}>
                {t('recovery:disaster.risks.starters')}
              </Button>
            )
          }
        />
      }
    />
  );
}
