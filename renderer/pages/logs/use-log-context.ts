import type { RequestOutput } from '#shared/contract/index.ts';
import type { LogContextScope, LogEvent } from '#shared/contract/logs.ts';
import { type RequestState, useCall, useRequest } from '../../components/use-request.ts';
import { CONTEXT_FIRST, CONTEXT_STEP } from './context-pane.tsx';
import { type Further, useFurther } from './use-further.ts';

type Answer = RequestOutput<'logs.context'>;
type Edge = Answer['earlier'];

/** The lines around an event, as far as they were asked for. */
export type LogContextLines = Pick<Further<Answer>, 'busy' | 'error' | 'more'> & {
  readonly first: RequestState<Answer>;
  /** Oldest first. */
  readonly events: readonly LogEvent[];
  readonly unread: Answer['unread'];
  readonly earlier: Edge;
  readonly later: Edge;
};

/** Asks for the lines around an event, and goes on in both directions from where the last answers ended. */
export function useLogContext(id: string, of: LogContextScope, corrected: boolean): LogContextLines {
  const call = useCall();
  const asked = { id, of, corrected, before: CONTEXT_FIRST, after: CONTEXT_FIRST };
  const first = useRequest('logs.context', asked, { subject: `${id} ${of} ${corrected}` });
  const { answers, outermost, busy, error, more } = useFurther(first.data, (side, from, signal) => {
    const cursor = from[side]?.cursor;
    if (cursor === undefined) return null;
    const wanted = { before: CONTEXT_STEP, after: CONTEXT_STEP, cursor };
    return call('logs.context', { id, of, corrected, ...wanted }, signal);
  });
  return {
    first,
    events: answers.flatMap(({ events }) => events),
    unread: [...new Map(answers.flatMap(({ unread }) => unread.map((one) => [one.day, one]))).values()],
    earlier: outermost('earlier')?.earlier ?? null,
    later: outermost('later')?.later ?? null,
    busy,
    error,
    more,
  };
}
