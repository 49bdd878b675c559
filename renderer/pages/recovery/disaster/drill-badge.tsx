import type { Drill } from '#shared/contract/recovery-drills.ts';
import { StateBadge, type StateName } from '../../../components/state-badge.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';

const shapes: Readonly<Record<Drill['state'], StateName>> = {
  running: 'info',
  passed: 'ok',
  failed: 'critical',
  cancelled: 'unknown',
  interrupted: 'warning',
};

/** How a drill ended, as shape, colour and word. */
export function DrillBadge({ state }: { readonly state: Drill['state'] }) {
  const { t } = useTranslation();
  return <StateBadge state={shapes[state]} word={t(`recovery:disaster.drills.state.${state}`)} />;
}

/** The address of a drill. */
export function drillPath(drillId: string): string {
  return `/recovery/drills/${encodeURIComponent(drillId)}`;
}
