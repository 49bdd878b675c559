import { useState } from 'react';
import type { Columns } from '#shared/contract/metrics.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../components/button.tsx';
import { Icon, type IconName } from '../../components/icon.tsx';
import { StateShape } from '../../components/state-badge.tsx';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import type { QueryAnswer } from '../../stores/query-board.ts';
import { PromqlEditor } from './editor/promql-editor.tsx';
import { ExpressionOptions } from './expression-options.tsx';
import { lineColumn } from './line-column.ts';
import type { ViewControl } from './use-view.ts';
import { letterOf, MOST_SERIES, type Query } from './view-state.ts';

export type ExpressionRowProps = {
  readonly position: number;
  readonly query: Query;
  readonly view: ViewControl;
  readonly answer: QueryAnswer | undefined;
  /** Asks for the expression once more: it was run as it stands. */
  readonly onAgain: (expr: string) => void;
  /** The operator works on this line; what the explorer offers goes here. */
  readonly onActive: () => void;
};

/** One expression: its letter, its editor, what can be done with it, and what came of it. */
export function ExpressionRow({ position, query, view, answer, onAgain, onActive }: ExpressionRowProps) {
  const { t } = useTranslation();
  const letter = letterOf(position);
  const [text, setText] = useState(query.expr);
  const [shown, setShown] = useState(query.expr);
  const [problem, setProblem] = useState<AppError | null>(null);
  const [options, setOptions] = useState(false);
  // The address is the truth: going back in history, or choosing a metric, changes the line.
  if (shown !== query.expr) {
    setShown(query.expr);
    setText(query.expr);
    setProblem(null);
  }
  const run = (next: string): void => {
    if (next.trim() === query.expr) onAgain(query.expr);
    else view.setQuery(position, { expr: next.trim() });
  };
  const act = (icon: IconName, name: string, onClick: (() => void) | null, pressed?: boolean) => (
    <Button
      kind="quiet"
      className="icon-btn"
      title={name}
      aria-label={`${name} (${letter})`}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      disabled={onClick === null}
      onClick={() => onClick?.()}
    >
      <Icon name={icon} size={14} />
    </Button>
  );
  const last = view.queries.length - 1;
  return (
    <section
      className="expression-row"
      aria-label={t('metrics:expressionN', { n: letter })}
      onFocus={onActive}
      data-hidden={query.hidden}
    >
      <div className="expression-line">
        <span className="expression-letter" aria-hidden="true">
          {letter}
        </span>
        <PromqlEditor
          label={t('metrics:expressionN', { n: letter })}
          value={text}
          onChange={setText}
          onRun={run}
          onProblem={setProblem}
        />
        <Button kind={text.trim() === query.expr ? 'default' : 'primary'} onClick={() => run(text)}>
          {t('metrics:run')}
        </Button>
        <Figures query={query} answer={answer} />
        <div className="expression-actions">
          {act(
            query.hidden ? 'eyeOff' : 'eye',
            query.hidden ? t('metrics:act.show') : t('metrics:act.hide'),
            () => view.setQuery(position, { hidden: !query.hidden }),
            query.hidden,
          )}
          {act('tune', t('metrics:act.options'), () => setOptions(!options), options)}
          {act('copy', t('metrics:act.duplicate'), () => view.duplicate(position))}
          {act('up', t('metrics:act.up'), position === 0 ? null : () => view.move(position, -1))}
          {act('down', t('metrics:act.down'), position === last ? null : () => view.move(position, 1))}
          {act(
            'close',
            t('metrics:act.remove'),
            last === 0 && query.expr === '' ? null : () => view.remove(position),
          )}
        </div>
      </div>
      {options && (
        <ExpressionOptions
          query={query}
          letter={letter}
          onChange={(change) => view.setQuery(position, change)}
        />
      )}
      <Outcome
        text={text}
        problem={text.trim() === query.expr && answer?.error ? null : problem}
        query={query}
        answer={answer}
        onAll={() => view.change({ maxSeries: MOST_SERIES })}
      />
    </section>
  );
}

type OutcomeProps = {
  readonly text: string;
  readonly problem: AppError | null;
  readonly query: Query;
  readonly answer: QueryAnswer | undefined;
  readonly onAll: () => void;
};

/** What is wrong with an expression, or what was left out of its answer. */
function Outcome({ text, problem, query, answer, onAll }: OutcomeProps) {
  const say = useText();
  if (problem !== null) {
    return (
      <p className="expression-problem" role="status">
        <StateShape state="warning" size={10} /> <code>{lineColumn(text, problem.column ?? 1)}</code>{' '}
        {say(problem.message)}
      </p>
    );
  }
  if (query.expr === '' || answer === undefined) return null;
  if (answer.error !== null && answer.error.code !== 'ENGINE_GONE') {
    const { error } = answer;
    return (
      <div className="notice notice-critical expression-error" role="alert" data-error-code={error.code}>
        <StateShape state="critical" />
        <div className="notice-body">
          {error.column !== undefined && <code>{lineColumn(query.expr, error.column)} </code>}
          {say(error.message)}
          <div className="soft small">
            {say(error.hint)} <code>{error.code}</code>
          </div>
        </div>
      </div>
    );
  }
  const { columns } = answer;
  if (columns === null || query.hidden) return null;
  const notes = columns.notes ?? [];
  return (
    <>
      {notes.map((note) => (
        <p key={note.en} className="small expression-outcome" role="status">
          <StateShape state="warning" /> {say(note)}
        </p>
      ))}
      {columns.seriesOmitted > 0 && <Omitted columns={columns} onAll={onAll} />}
    </>
  );
}

/** That not all series are shown, and how to see them. */
function Omitted({ columns, onAll }: { readonly columns: Columns; readonly onAll: () => void }) {
  const { t } = useTranslation();
  const total = columns.series.length + columns.seriesOmitted;
  return (
    <p className="small figure expression-outcome" role="status">
      <strong className="chart-omitted">
        {t('metrics:chart.omitted', {
          shown: columns.series.length,
          total,
          omitted: columns.seriesOmitted,
        })}
      </strong>{' '}
      <button type="button" className="linklike" onClick={onAll}>
        {t('metrics:showAllSeries', { most: MOST_SERIES.toLocaleString('en-US') })}
      </button>
    </p>
  );
}

/** How many series came of an expression, and how long that took. */
function Figures({ query, answer }: Pick<OutcomeProps, 'query' | 'answer'>) {
  const { t } = useTranslation();
  const columns = answer?.columns ?? null;
  const total = columns === null ? 0 : columns.series.length + columns.seriesOmitted;
  return (
    <span className="soft small figure expression-figures" role="status">
      {columns !== null && answer?.error === null && !query.hidden && (
        <span title={t('metrics:tookMs', { ms: columns.tookMs.toFixed(1) })}>
          {total === 0 ? t('metrics:noSeriesShort') : t('metrics:series', { count: total })}
        </span>
      )}
    </span>
  );
}
