import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useConnection } from '../../stores/connection.ts';
import {
  createQueryBoard,
  type QueryAnswer,
  type QueryBoard,
  type RangeQuestion,
} from '../../stores/query-board.ts';

export type Queries = {
  /** By their expression. */
  readonly answers: ReadonlyMap<string, QueryAnswer>;
  /** Asks for an expression once more, for instance after a time limit. */
  readonly again: (expr: string) => void;
};

/** The answers to questions; they are asked anew when they change or the engine is back. */
export function useQueries(questions: readonly RangeQuestion[]): Queries {
  const client = useConnection((state) => state.client);
  const [answers, setAnswers] = useState<ReadonlyMap<string, QueryAnswer>>(() => new Map());
  const board = useRef<QueryBoard | null>(null);
  const kept = useRef(answers);
  kept.current = answers;
  useEffect(() => {
    if (client === null) return;
    const made = createQueryBoard({
      call: (question, signal) => client.call('metrics.columns', question, signal),
      now: Date.now,
      start: kept.current,
      onChange: setAnswers,
    });
    board.current = made;
    return () => {
      made.close();
      board.current = null;
    };
  }, [client]);
  const key = JSON.stringify(questions);
  // The questions' content is their identity: they are built anew on every render.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above.
  const steady = useMemo(() => questions, [key]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new board must be asked, too.
  useEffect(() => board.current?.ask(steady), [steady, client]);
  const again = useCallback((expr: string) => board.current?.again(expr), []);
  return { answers, again };
}
