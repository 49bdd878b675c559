import type { BackupPlan, ListedPoint } from '#shared/contract/backup.ts';
import type { PageTab } from '../../../components/page-tabs.tsx';
import type { Objective } from '../objective.ts';
import { RetentionTab } from '../retention/retention-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { PointsTab } from './points-tab.tsx';
import { RunsTab } from './runs-tab.tsx';

/** What the page of a plan gives each of its views. */
export type PlanTabProps = {
  readonly name: string;
  /** Null when the plan was removed and only its points are left. */
  readonly plan: BackupPlan | null;
  readonly objective: Objective | null;
  /** The plan's points, the one seen last first. */
  readonly points: readonly ListedPoint[];
};

/** The views of a plan's page, in their order. Another area hangs one in by a line. */
export const planTabs: readonly PageTab<PlanTabProps>[] = [
  { id: 'overview', title: 'backups:tabs.overview', Component: OverviewTab },
  { id: 'points', title: 'backups:tabs.points', Component: PointsTab },
  { id: 'retention', title: 'backups:tabs.retention', Component: RetentionTab },
  { id: 'runs', title: 'backups:tabs.runs', Component: RunsTab },
];
