import { useMemo } from 'react';
import { useRequest } from '../../components/use-request.ts';

/** Labels that alerts have: those of the open ones, and those that built-in conditions can have. */
const ALWAYS = [
  'alertname',
  'severity',
  'host',
  'instance',
  'tier',
  'plan',
  'source',
  'channel',
  'mountpoint',
];
const MOST_VALUES = 200;

/** Names of labels with the values that open alerts have. */
export function useKnownLabels(): ReadonlyMap<string, readonly string[]> {
  const alerts = useRequest('notify.alerts', {});
  const views = alerts.data?.alerts;
  return useMemo(() => {
    const known = new Map<string, Set<string>>(ALWAYS.map((name) => [name, new Set()]));
    for (const { labels } of views ?? []) {
      for (const [name, value] of Object.entries(labels)) {
        const values = known.get(name) ?? new Set();
        if (values.size < MOST_VALUES) values.add(value);
        known.set(name, values);
      }
    }
    return new Map([...known].map(([name, values]) => [name, [...values].sort()]));
  }, [views]);
}
