import { useEffect, useId, useRef, useState } from 'react';
import type { RequestInput, RequestOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../../components/button.tsx';
import { ErrorNotice } from '../../../../components/error-notice.tsx';
import { Panel } from '../../../../components/page-header.tsx';
import { absoluteText, durationText } from '../../../../components/time.ts';
import { useCall, useEvent } from '../../../../components/use-request.ts';
import { useTranslation } from '../../../../locales/use-translation.ts';
import { ProblemList } from '../problem-list.tsx';
import { BacktestRuleView } from './backtest-rule.tsx';

export type BacktestSubject = RequestInput<'rules.backtest'>['subject'];

const SPANS = { day: 86_400_000, week: 7 * 86_400_000, month: 30 * 86_400_000 } as const;
type SpanName = keyof typeof SPANS;
const spanNames = Object.keys(SPANS) as readonly SpanName[];

type Run = {
  readonly busy: boolean;
  readonly done: number;
  readonly fired: number;
  readonly answer: RequestOutput<'rules.backtest'> | null;
  readonly error: AppError | null;
};
const IDLE: Run = { busy: false, done: 0, fired: 0, answer: null, error: null };

/** Looks back: what the rules would have done over the stored past. Leaving the page, or Stop, ends the work. */
export function BacktestPanel({ subject }: { readonly subject: BacktestSubject }) {
  const { t } = useTranslation();
  const [span, setSpan] = useState<SpanName>('day');
  const { run, start, stop } = useBacktest(subject);
  const result = run.answer?.result ?? null;
  return (
    <Panel
      title={t('rules:backtest.title')}
      className="backtest"
      extra={
        <span className="row">
          <select
            className="input"
            aria-label={t('rules:backtest.span')}
            value={span}
            onChange={(event) => setSpan(spanNames.find((name) => name === event.target.value) ?? 'day')}
          >
            {spanNames.map((name) => (
              <option key={name} value={name}>
                {t(`rules:backtest.spans.${name}`)}
              </option>
            ))}
          </select>
          {run.busy ? (
            <Button onClick={stop}>{t('rules:backtest.cancel')}</Button>
          ) : (
            <Button onClick={() => start(SPANS[span])}>{t('rules:backtest.run')}</Button>
          )}
        </span>
      }
    >
      {result === null && !run.busy && <p className="soft">{t('rules:backtest.means')}</p>}
      {run.busy && (
        <p className="figure" role="status">
          {t('rules:backtest.running', { done: Math.round(run.done * 100), fired: run.fired })}
        </p>
      )}
      {run.error && run.error.code !== 'CANCELLED' && <ErrorNotice error={run.error} />}
      {run.answer && <ProblemList problems={run.answer.problems} />}
      {result && (
        <div className="stack-small" data-testid="backtest-result">
          {result.until < result.to && (
            <p className="notice notice-warning">
              {t('rules:backtest.until', { at: absoluteText(result.until) })}
            </p>
          )}
          {result.steps
            .filter(({ coarser }) => coarser)
            .map(({ group, stepMs }) => (
              <p key={group} className="soft">
                {t('rules:backtest.coarser', { group, step: durationText(t, stepMs) })}
              </p>
            ))}
          {result.rules.map((rule, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two rules of a group may have the same name.
            <BacktestRuleView key={`${rule.group}/${rule.rule}/${index}`} rule={rule} result={result} />
          ))}
        </div>
      )}
    </Panel>
  );
}

/** One backtest at a time; what comes of an older one is not shown. */
function useBacktest(subject: BacktestSubject) {
  const call = useCall();
  const page = useId();
  const number = useRef(0);
  const abort = useRef<AbortController | null>(null);
  const [run, setRun] = useState<Run>(IDLE);
  const idOf = (which: number): string => `${page}-${which}`;
  useEvent('rules.backtest', ({ id, done, fired }) => {
    if (id === idOf(number.current)) setRun((old) => (old.busy ? { ...old, done, fired } : old));
  });
  // A changed rule is another question; the answer to the old one would mislead.
  const key = JSON.stringify(subject);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the content of the subject is what matters.
  useEffect(() => {
    setRun(IDLE);
    return () => abort.current?.abort();
  }, [key]);
  const start = (spanMs: number): void => {
    abort.current?.abort();
    const mine = new AbortController();
    abort.current = mine;
    number.current++;
    const to = Date.now();
    setRun({ ...IDLE, busy: true });
    void call(
      'rules.backtest',
      { id: idOf(number.current), subject, from: to - spanMs, to },
      mine.signal,
    ).then((answer) => {
      if (abort.current !== mine) return;
      abort.current = null;
      setRun({
        ...IDLE,
        answer: answer.ok ? answer.value : null,
        error: answer.ok ? null : answer.error,
      });
    });
  };
  return { run, start, stop: () => abort.current?.abort() };
}
