import { useMemo } from 'react';
import type { AuditRecord } from '#shared/contract/audit.ts';
import { auditActionWords } from '#shared/domain/audit-words.ts';
import type { Column } from '../../../components/data-table.tsx';
import { AbsoluteTime } from '../../../components/figures.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { OutcomeBadge } from './outcome-badge.tsx';

/** What the trail tells of an action. */
export function useAuditColumns(): readonly Column<AuditRecord>[] {
  const { t } = useTranslation();
  const text = useText();
  return useMemo(() => {
    const action = (record: AuditRecord): string => text(auditActionWords(record.action));
    const object = ({ object: name, asked }: AuditRecord): string =>
      [name, ...Object.entries(asked).map(([field, value]) => `${field}=${value}`)]
        .filter((part) => part !== '')
        .join('  ');
    const outcome = ({ outcome: came, code }: AuditRecord): string =>
      [t(`audit:outcome.${came}`), code ?? ''].join(' ').trim();
    return [
      {
        id: 'at',
        title: t('audit:column.at'),
        text: ({ at }) => absoluteText(at),
        render: ({ at }) => <AbsoluteTime time={at} />,
        // The clock may have been set back; the order of what was done is that of the numbers.
        sortBy: ({ n }) => n,
        width: 150,
      },
      { id: 'by', title: t('audit:column.by'), text: ({ by }) => by, sortBy: ({ by }) => by, width: 90 },
      {
        id: 'via',
        title: t('audit:column.via'),
        text: ({ via }) => t(`audit:via.${via}`),
        sortBy: ({ via }) => via,
        width: 96,
      },
      {
        id: 'action',
        title: t('audit:column.action'),
        text: action,
        render: (record) => <span title={record.action}>{action(record)}</span>,
        sortBy: action,
        width: 190,
      },
      { id: 'object', title: t('audit:column.object'), text: object, sortBy: object, width: 330 },
      {
        id: 'outcome',
        title: t('audit:column.outcome'),
        text: outcome,
        render: (record) => <OutcomeBadge outcome={record.outcome} />,
        sortBy: outcome,
        width: 104,
      },
      {
        id: 'n',
        title: t('audit:column.n'),
        text: ({ n }) => String(n),
        sortBy: ({ n }) => n,
        align: 'right',
        width: 70,
      },
    ];
  }, [t, text]);
}
