import { useEffect, useState } from 'react';
import type { Columns } from '#shared/contract/metrics.ts';
import { niceStep } from '../../charts/steps.ts';
import { useNow } from '../../components/use-now.ts';
import { type RequestState, useRequest } from '../../components/use-request.ts';
import { useTimeRange } from '../../components/use-time-range.ts';
import { type LiveName, liveExpressions, newest, onlySeries } from './live-values.ts';

/** Until the first value is there the console asks this often: the operator waits for a sign of life. */
const IMPATIENT_MS = 50;
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
    maxSeries: 50,
  });
  const memory = useRequest('metrics.columns', ask(liveExpressions.memory));
  // The memory's share is the first to be known; the rest is not asked for until the engine has samples at all.
  const rest = { enabled: !waiting };
  const cpu = useRequest('metrics.columns', ask(liveExpressions.cpu), rest);
  const memoryTotal = useRequest('metrics.columns', ask(liveExpressions.memoryTotal), rest);
  const diskAvail = useRequest('metrics.columns', ask(liveExpressions.diskAvail), rest);
  const diskSize = useRequest('metrics.columns', ask(liveExpressions.diskSize), rest);
  const receive = useRequest('metrics.columns', ask(liveExpressions.receive), rest);
  const transmit = useRequest('metrics.columns', ask(liveExpressions.transmit), rest);
  const load = useRequest('metrics.columns', ask(liveExpressions.load), rest);

  const alive = newest(onlySeries(memory.data)) !== null;
  useEffect(() => {
    if (alive) setWaiting(false);
  }, [alive]);
  const wrong = memory.error !== null && memory.error.code !== 'ENGINE_GONE';
  useEffect(() => setFailed(wrong), [wrong]);
  return {
    cpu: cpu.data,
    memory: memory.data,
    memoryTotal: memoryTotal.data,
    diskAvail: diskAvail.data,
    diskSize: diskSize.data,
    receive: receive.data,
    transmit: transmit.data,
    load: load.data,
    request: memory,
  };
}
