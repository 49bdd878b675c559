import type { Columns } from '#shared/contract/metrics.ts';
import type { AppError, Result } from '#shared/errors/index.ts';
import { type Asker, createAsker } from '../components/asker.ts';

/** A range query of the page. */
export type RangeQuestion = {
  readonly expr: string;
  readonly start: number;
  readonly end: number;
  readonly stepMs: number;
  readonly maxSeries: number;
};

/** What is known of one expression. */
export type QueryAnswer = {
  /** The newest answer; kept while a newer one is under way and when the engine is away. */
  readonly columns: Columns | null;
  /** When `columns` arrived, UTC milliseconds. */
  readonly at: number | null;
  readonly error: AppError | null;
  readonly loading: boolean;
};

const NOTHING: QueryAnswer = { columns: null, at: null, error: null, loading: true };

/** Asks for any number of expressions at once and keeps their answers. */
export type QueryBoard = {
  /** Asks these and forgets all others. A question that only moved with the clock waits for the open one. */
  readonly ask: (questions: readonly RangeQuestion[]) => void;
  /** Asks for one expression once more, at once. */
  readonly again: (expr: string) => void;
  /** Cancels what is open; the answers stay readable. */
  readonly close: () => void;
};

type Place = { readonly asker: Asker<RangeQuestion>; asked: RangeQuestion };

/** Whether a question is the same as before, moved along the time axis. */
export function onlyMoved(before: RangeQuestion, after: RangeQuestion): boolean {
  return (
    before.expr === after.expr &&
    before.stepMs === after.stepMs &&
    before.maxSeries === after.maxSeries &&
    Math.abs(before.end - before.start - (after.end - after.start)) <= after.stepMs &&
    after.start >= before.start &&
    after.start - before.start < after.end - after.start
  );
}

function same(a: RangeQuestion, b: RangeQuestion): boolean {
  return a.start === b.start && a.end === b.end && a.stepMs === b.stepMs && a.maxSeries === b.maxSeries;
}

/**
 * Makes a board.
 *
 * @param deps.start answers of an earlier board, e.g. before the engine was started again
 * @param deps.onChange hears that the answers are others
 */
export function createQueryBoard(deps: {
  readonly call: (question: RangeQuestion, signal: AbortSignal) => Promise<Result<Columns>>;
  readonly now: () => number;
  readonly start?: ReadonlyMap<string, QueryAnswer>;
  readonly onChange: (answers: ReadonlyMap<string, QueryAnswer>) => void;
}): QueryBoard {
  let answers = new Map(deps.start ?? []);
  const places = new Map<string, Place>();
  const put = (expr: string, change: Partial<QueryAnswer>): void => {
    if (!places.has(expr)) return;
    answers = new Map(answers).set(expr, { ...(answers.get(expr) ?? NOTHING), ...change });
    deps.onChange(answers);
  };
  const open = (question: RangeQuestion): Place => {
    const { expr } = question;
    const asker = createAsker<RangeQuestion, Columns>({
      call: deps.call,
      onStart: () => put(expr, { loading: true }),
      onResult: (result) =>
        put(
          expr,
          result.ok
            ? { columns: result.value, at: deps.now(), error: null, loading: false }
            : { error: result.error, loading: false },
        ),
    });
    return { asker, asked: question };
  };
  return {
    ask: (questions) => {
      const wanted = new Set(questions.map(({ expr }) => expr));
      for (const [expr, place] of places) {
        if (wanted.has(expr)) continue;
        place.asker.close();
        places.delete(expr);
      }
      const left = new Map([...answers].filter(([expr]) => wanted.has(expr)));
      if (left.size !== answers.size) {
        answers = left;
        deps.onChange(answers);
      }
      for (const question of questions) {
        const place = places.get(question.expr);
        if (place && same(place.asked, question)) continue;
        const patient = place !== undefined && onlyMoved(place.asked, question);
        const taken = place ?? open(question);
        taken.asked = question;
        places.set(question.expr, taken);
        taken.asker.ask(question, { patient });
      }
    },
    again: (expr) => {
      const place = places.get(expr);
      place?.asker.ask(place.asked, { patient: false });
    },
    close: () => {
      for (const { asker } of places.values()) asker.close();
      places.clear();
    },
  };
}
