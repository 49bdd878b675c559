import type { RestorePoint } from '#shared/contract/backup.ts';
import { StateBadge, type StateName } from '../../components/state-badge.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { type ObjectiveState, type PointBadge as PointBadgeName, pointBadge } from './objective.ts';

const objectiveShapes: Readonly<Record<ObjectiveState, StateName>> = {
  broken: 'critical',
  never: 'critical',
  late: 'critical',
  unverified: 'warning',
  ok: 'ok',
  none: 'unknown',
};

const pointShapes: Readonly<Record<PointBadgeName, StateName>> = {
  verified: 'ok',
  unverified: 'warning',
  broken: 'critical',
  missing: 'not_watched',
  chainBroken: 'critical',
  lacking: 'warning',
};

/** How a plan stands, as shape, colour and word. */
export function ObjectiveBadge({ state }: { readonly state: ObjectiveState }) {
  const { t } = useTranslation();
  return <StateBadge state={objectiveShapes[state]} word={t(`backups:objective.${state}`)} />;
}

/** Whether a point can be trusted, as shape, colour and word. */
export function PointBadge({ point }: { readonly point: RestorePoint }) {
  const { t } = useTranslation();
  const badge = pointBadge(point);
  return <StateBadge state={pointShapes[badge]} word={t(`backups:points.badge.${badge}`)} />;
}
