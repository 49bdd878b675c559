import type { ImportFinding } from '#shared/contract/dashboards.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { StateBadge, type StateName } from '../../components/state-badge.tsx';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';

const shapeOf: Readonly<Record<ImportFinding['level'], StateName>> = {
  left: 'critical',
  changed: 'warning',
  note: 'info',
};

/** Order of the levels, the worst first. */
const RANK: Readonly<Record<ImportFinding['level'], number>> = { left: 0, changed: 1, note: 2 };

export type FindingsTableProps = {
  readonly findings: readonly ImportFinding[];
  /** Findings beyond the bound of the list. */
  readonly omitted: number;
};

/** What was not taken of a file, panel by panel; nothing is dropped silently. */
export function FindingsTable({ findings, omitted }: FindingsTableProps) {
  const { t } = useTranslation();
  const text = useText();
  const columns: readonly Column<ImportFinding>[] = [
    {
      id: 'level',
      title: t('dashboards:finding.level'),
      width: 110,
      text: ({ level }) => t(`dashboards:finding.${level}`),
      render: ({ level }) => <StateBadge state={shapeOf[level]} word={t(`dashboards:finding.${level}`)} />,
      sortBy: ({ level }) => RANK[level],
    },
    {
      id: 'panel',
      title: t('dashboards:finding.panel'),
      width: 180,
      text: ({ panel }) => panel ?? t('dashboards:finding.board'),
      sortBy: ({ panel }) => panel ?? '',
    },
    {
      id: 'what',
      title: t('dashboards:finding.what'),
      width: 420,
      text: ({ what }) => text(what),
      render: ({ what }) => <span title={text(what)}>{text(what)}</span>,
    },
    {
      id: 'path',
      title: t('dashboards:finding.path'),
      width: 240,
      text: ({ path }) => path,
      render: ({ path }) => <code title={path}>{path}</code>,
      sortBy: ({ path }) => path,
    },
  ];
  return (
    <DataTable
      id="import-findings"
      label={t('dashboards:finding.title')}
      columns={columns}
      rows={findings}
      total={findings.length + omitted}
      rowKey={({ path, what }) => `${path} ${what.en}`}
      empty={<p className="badge">{t('dashboards:finding.none')}</p>}
      defaultSort={{ column: 'level', descending: false }}
      maxHeight={320}
    />
  );
}
