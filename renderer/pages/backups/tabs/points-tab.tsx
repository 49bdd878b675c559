import { Panel } from '../../../components/page-header.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { PointsTable } from '../points-table.tsx';
import type { PlanTabProps } from './plan-tabs.ts';

/** The points of a plan. */
export function PointsTab({ name, points }: PlanTabProps) {
  const { t } = useTranslation();
  return (
    <Panel title={t('backups:points.title')}>
      <PointsTable plan={name} points={points} />
    </Panel>
  );
}
