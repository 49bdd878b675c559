import { parseRange } from '../../components/use-time-range.ts';
import { useConnection } from '../../stores/connection.ts';
import { prime } from '../../stores/primed.ts';
import { liveExpressions, liveInput } from './live-values.ts';

/** Asks for what the overview shows as soon as there is a connection, while the window is still being drawn. */
export function askFirstQuestions(): void {
  if (location.pathname !== '/') return;
  const stop = useConnection.subscribe(({ client }) => {
    if (client === null) return;
    stop();
    const now = Date.now();
    const range = parseRange(new URLSearchParams(location.search), now);
    prime(client, 'metrics.columns', liveInput(liveExpressions.gauges, range, now));
    prime(client, 'site.overview', {});
    prime(client, 'hosts.list', {});
  });
}
