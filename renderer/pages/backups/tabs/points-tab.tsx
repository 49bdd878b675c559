import { Panel } from '../../../components/page-header.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ChainView } from '../chain/chain-view.tsx';
import { PointsTable } from '../points-table.tsx';
import type { PlanTabProps } from './plan-tabs.ts';

/** The points of a plan, drawn and as a table. */
export function PointsTab({ name, points }: PlanTabProps) {
  const { t } = useTranslation();
  return (
    <>
      <ChainView plan={name} points={points} />
      <Panel title={t('backups:points.title')}>
        <PointsTable plan={name} points={points} />
      </Panel>
    </>
  );
}
