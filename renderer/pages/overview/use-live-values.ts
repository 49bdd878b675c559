import { useEffect, useState } from 'react';
import type { Columns } from '#shared/contract/metrics.ts';
import { useNow } from '../../components/use-now.ts';
import { type RequestState, useRequest } from '../../components/use-request.ts';
import { useTimeRange } from '../../components/use-time-range.ts';
import { type LiveName, liveExpressions, liveInput } from './live-values.ts';

/** Until there is a first value the console asks again this soon: the operator waits for a sign of life. */
const IMPATIENT_MS = 50;

/** The live columns of this workstation over the page's time range. */
export type LiveValues = Readonly<Record<LiveName, Columns | null>> & {
  readonly request: Pick<RequestState<unknown>, 'stale' | 'at' | 'error' | 'reload'>;
};

/** Asks for this workstation's live values; impatiently until the first one has arrived. */
export function useLiveValues(): LiveValues {
  const range = useTimeRange();
  const clock = useNow(range.refreshMs);
  const [eager, setEager] = useState(0);
  const ask = (expr: string) => liveInput(expr, range, Math.max(clock, eager));
  const gauges = useRequest('metrics.columns', ask(liveExpressions.gauges), { primed: true, patient: true });
  const alive = (gauges.data?.series.length ?? 0) > 0;
  const answeredInVain = gauges.error === null && !alive ? gauges.at : null;
  useEffect(() => {
    if (answeredInVain === null) return;
    const timer = setTimeout(() => setEager(Date.now()), IMPATIENT_MS);
    return () => clearTimeout(timer);
  }, [answeredInVain]);

  // Rates need a second sample; they are not asked for before there is a first one.
  const rates = { enabled: alive, patient: true };
  const cpu = useRequest('metrics.columns', ask(liveExpressions.cpu), rates);
  const receive = useRequest('metrics.columns', ask(liveExpressions.receive), rates);
  const transmit = useRequest('metrics.columns', ask(liveExpressions.transmit), rates);
  return {
    gauges: gauges.data,
    cpu: cpu.data,
    receive: receive.data,
    transmit: transmit.data,
    request: gauges,
  };
}
