import { useEffect, useState } from 'react';
import type { Columns } from '#shared/contract/metrics.ts';
import { niceStep } from '../../charts/steps.ts';
import { useNow } from '../../components/use-now.ts';
import { type RequestState, useRequest } from '../../components/use-request.ts';
import { useTimeRange } from '../../components/use-time-range.ts';
import { type LiveName, liveExpressions } from './live-values.ts';

/** Until the first value is there the console asks this often: the operator waits for a sign of life. */
const IMPATIENT_MS = 100;
const POINTS = 90;

/** The live columns of this workstation over the page's time range. */
export type LiveValues = Readonly<Record<LiveName, Columns | null>> & {
  readonly request: Pick<RequestState<unknown>, 'stale' | 'at' | 'error' | 'reload'>;
};

/** Asks for this workstation's live values; impatiently until the first one has arrived. */
export function useLiveValues(): LiveValues {
  const range = useTimeRange();
  const [waiting, setWaiting] = useState(true);
  const [failed, setFailed] = useState(false);
  const now = useNow(waiting && !failed ? IMPATIENT_MS : range.refreshMs);
  const end = range.live ? Math.max(now, range.end) : range.end;
  const stepMs = niceStep(range.end - range.start, POINTS);
  const ask = (expr: string): Parameters<typeof useRequest<'metrics.columns'>>[1] => ({
    expr,
    start: end - stepMs * POINTS,
    end,
    stepMs,
    maxSeries: 100,
  });
  const gauges = useRequest('metrics.columns', ask(liveExpressions.gauges));
  // Rates need a second sample; they are not asked for before there is a first one.
  const rates = { enabled: !waiting };
  const cpu = useRequest('metrics.columns', ask(liveExpressions.cpu), rates);
  const receive = useRequest('metrics.columns', ask(liveExpressions.receive), rates);
  const transmit = useRequest('metrics.columns', ask(liveExpressions.transmit), rates);

  const alive = (gauges.data?.series.length ?? 0) > 0;
  useEffect(() => {
    if (alive) setWaiting(false);
  }, [alive]);
  const wrong = gauges.error !== null && gauges.error.code !== 'ENGINE_GONE';
  useEffect(() => setFailed(wrong), [wrong]);
  return {
    gauges: gauges.data,
    cpu: cpu.data,
    receive: receive.data,
    transmit: transmit.data,
    request: gauges,
  };
}
