import { useEffect, useRef, useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { LogContextScope, LogEvent } from '#shared/contract/logs.ts';
import type { AppError } from '#shared/errors/index.ts';
import { type RequestState, useCall, useRequest } from '../../components/use-request.ts';

/** Lines on each side at first, and with each further step. */
const FIRST = 10;
export const CONTEXT_STEP = 50;
/** Lines that are held on one side. */
export const CONTEXT_MOST = 1_000;

export type ContextSide = 'earlier' | 'later';
type Answer = RequestOutput<'logs.context'>;
type Edge = Answer['earlier'];

/** What was fetched beyond the first answer, and to which one it belongs. */
type Further = {
  readonly base: Answer | null;
  readonly earlier: readonly Answer[];
  readonly later: readonly Answer[];
  readonly busy: ContextSide | null;
  readonly error: AppError | null;
};

const NOTHING: Further = { base: null, earlier: [], later: [], busy: null, error: null };

/** The lines around an event, as far as they were asked for. */
export type LogContextLines = {
  readonly first: RequestState<Answer>;
  /** Oldest first. */
  readonly events: readonly LogEvent[];
  readonly unread: Answer['unread'];
  readonly earlier: Edge;
  readonly later: Edge;
  readonly busy: ContextSide | null;
  /** Why going on failed; what is there stays. */
  readonly error: AppError | null;
  readonly more: (side: ContextSide) => void;
};

/** Asks for the lines around an event, and goes on in both directions from where the last answers ended. */
export function useLogContext(id: string, of: LogContextScope, corrected: boolean): LogContextLines {
  const call = useCall();
  const asked = { id, of, corrected, before: FIRST, after: FIRST };
  const first = useRequest('logs.context', asked, { subject: `${id} ${of} ${corrected}` });
  const base = first.data;
  const [kept, setKept] = useState(NOTHING);
  // Another event, other logs or a new answer: what was fetched beyond the old one is none of it.
  const further = kept.base === base ? kept : { ...NOTHING, base };
  const running = useRef<AbortController | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new first answer, and the end, cancel what goes on from the old one.
  useEffect(() => () => running.current?.abort(), [base]);

  const edge = (side: ContextSide): Edge => (further[side].at(-1) ?? base)?.[side] ?? null;
  const more = (side: ContextSide): void => {
    const from = edge(side);
    if (from === null || further.busy !== null) return;
    const abort = new AbortController();
    running.current = abort;
    setKept({ ...further, busy: side, error: null });
    const wanted = { before: CONTEXT_STEP, after: CONTEXT_STEP, cursor: from.cursor };
    void call('logs.context', { id, of, corrected, ...wanted }, abort.signal).then((answer) => {
      if (abort.signal.aborted) return;
      setKept((old) => {
        if (old.base !== base) return old;
        if (!answer.ok) return { ...old, busy: null, error: answer.error };
        return { ...old, busy: null, error: null, [side]: [...old[side], answer.value] };
      });
    });
  };
  const answers = [...further.earlier.toReversed(), ...(base === null ? [] : [base]), ...further.later];
  return {
    first,
    events: answers.flatMap(({ events }) => events),
    unread: [...new Map(answers.flatMap(({ unread }) => unread.map((one) => [one.day, one]))).values()],
    earlier: edge('earlier'),
    later: edge('later'),
    busy: further.busy,
    error: further.error,
    more,
  };
}
