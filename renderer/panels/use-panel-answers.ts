import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useConnection } from '../stores/connection.ts';
import { createQueryBoard, type QueryAnswer, type QueryBoard } from '../stores/query-board.ts';
import { panelGate } from '../stores/query-gate.ts';
import type { TargetQuestion } from './panel-questions.ts';
import type { TargetAnswer } from './panel-series.ts';

const NOTHING: ReadonlyMap<string, QueryAnswer> = new Map();

/** The answers that were shown last, and what they were about. */
type Kept = { readonly subject: string; readonly answers: ReadonlyMap<string, TargetAnswer> };

export type PanelAnswers = {
  readonly answers: readonly TargetAnswer[];
  /** Asks everything once more. */
  readonly again: () => void;
};

/**
 * The answers to a panel's questions. A panel that nobody sees asks nothing and keeps what it has; one that goes away
 * cancels what is under way. Another time range may mean another expression (`$__rate_interval`): until its answer is
 * there, the old one stays.
 *
 * @param subject what the panel is about, e.g. the chosen host: when it changes, the old answers are dropped
 */
export function usePanelAnswers(
  questions: readonly TargetQuestion[],
  active: boolean,
  subject: string,
): PanelAnswers {
  const client = useConnection((state) => state.client);
  const [known, setKnown] = useState(NOTHING);
  const board = useRef<QueryBoard | null>(null);
  const held = useRef(known);
  held.current = known;
  useEffect(() => {
    if (client === null || !active) return;
    const made = createQueryBoard({
      call: (question, signal) =>
        panelGate.through(signal, () => client.call('metrics.columns', question, signal)),
      now: Date.now,
      start: held.current,
      onChange: setKnown,
    });
    board.current = made;
    return () => {
      made.close();
      board.current = null;
    };
  }, [client, active]);
  const key = JSON.stringify(questions);
  // The questions' content is their identity: they are built anew with every move of the time.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above.
  const steady = useMemo(() => questions, [key]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new board must be asked, too.
  useEffect(
    () => board.current?.ask(steady.map(({ target: _, ...question }) => question)),
    [steady, client, active],
  );
  const last = useRef<Kept>({ subject, answers: new Map() });
  const answers = useMemo(() => {
    const before = last.current.subject === subject ? last.current.answers : new Map<string, TargetAnswer>();
    return steady.map((question): TargetAnswer => {
      const { target, expr, stepMs } = question;
      const answer = known.get(expr);
      if (answer === undefined || (answer.columns === null && answer.error === null)) {
        const old = before.get(target.ref);
        if (old !== undefined) return { ...old, target, loading: true };
      }
      return {
        target,
        expr,
        stepMs,
        columns: answer?.columns ?? null,
        error: answer?.error ?? null,
        loading: answer?.loading ?? true,
        at: answer?.at ?? null,
      };
    });
  }, [steady, known, subject]);
  useEffect(() => {
    last.current = { subject, answers: new Map(answers.map((answer) => [answer.target.ref, answer])) };
  }, [answers, subject]);
  const again = useCallback(() => {
    for (const { expr } of steady) board.current?.again(expr);
  }, [steady]);
  return { answers, again };
}
