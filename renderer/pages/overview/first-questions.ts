import { parseRange } from '../../components/use-time-range.ts';
import { useConnection } from '../../stores/connection.ts';
import { prime } from '../../stores/primed.ts';
import { liveExpressions, liveInput } from './live-values.ts';

/**
 * How far ahead of the question the first live values may lie, milliseconds. The question waits for the engine to start, and the
 * first sample of a new site is taken while it does: up to the present of the question there would be none.
 */
const AHEAD_MS = 10_000;

/** Asks for what the overview shows as soon as there is a connection, while the window is still being drawn. */
export function askFirstQuestions(): void {
  if (location.pathname !== '/') return;
  const stop = useConnection.subscribe(({ client }) => {
    if (client === null) return;
    stop();
    const now = Date.now();
    const range = parseRange(new URLSearchParams(location.search), now);
    prime(client, 'metrics.columns', liveInput(liveExpressions.gauges, range, now + AHEAD_MS));
    prime(client, 'site.overview', {});
    prime(client, 'hosts.list', {});
  });
}
