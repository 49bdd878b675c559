import { useMemo } from 'react';
import type { LiveGroup } from '#shared/contract/rules.ts';
import { useEvent, useRequest } from '../../components/use-request.ts';
import { type PendingAlert, pendingAlerts } from './firing/firing-model.ts';

const REFRESH_MS = 15_000;

/** Every open alert as the pipeline sees it, kept fresh by its events. */
export function useAlertViews() {
  const alerts = useRequest('notify.alerts', {}, { refreshMs: REFRESH_MS });
  useEvent('notify.changed', alerts.reload);
  useEvent('alerts.changed', alerts.reload);
  return alerts;
}

const NO_GROUPS: readonly LiveGroup[] = [];

/** Alerts of rules that have not lasted long enough to fire. */
export function usePendingAlerts(): readonly PendingAlert[] {
  const rules = useRequest('rules.groups', {}, { refreshMs: REFRESH_MS });
  const groups = rules.data?.groups ?? NO_GROUPS;
  return useMemo(() => pendingAlerts(groups), [groups]);
}
