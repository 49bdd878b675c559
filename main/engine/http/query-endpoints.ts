import { type AppError, errorCatalogue, fillText } from '#shared/errors/index.ts';
import type { Timers } from '../platform/timers.ts';
import { type Answer, success } from './answer.ts';
import type { Gate } from './gate.ts';
import { optionalTime, type Params, requiredDuration, requiredTime } from './params.ts';
import { ApiRefusal, refuseParameter } from './refusal.ts';
import type { ApiSources } from './sources.ts';

/** What an endpoint is asked. */
export type ApiRequest = {
  readonly params: Params;
  /** Values of the `:name` parts of the path. */
  readonly path: Readonly<Record<string, string>>;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  /** UTC milliseconds. */
  readonly now: number;
};

/** Longest query of one request; the longest expression that is taken, in characters. */
export const QUERY_LIMITS = { timeoutMs: 120_000, expression: 100_000, points: 11_000 } as const;

/** What lets queries take turns, and ends them in time. */
export type QueryParts = { readonly gate: Gate; readonly timers: Timers };

/** Evaluates `work` at its turn and within its time; a client that goes away, or its time, ends it. */
async function evaluated(
  { gate, timers }: QueryParts,
  { params, signal }: ApiRequest,
  work: (signal: AbortSignal) => ReturnType<ApiSources['instant']>,
  wrap: (why: string) => string,
): Promise<Answer> {
  const asked = params.get('timeout') === '' ? QUERY_LIMITS.timeoutMs : requiredDuration(params, 'timeout');
  if (params.get('query').length > QUERY_LIMITS.expression)
    refuseParameter('query', `the expression is longer than ${QUERY_LIMITS.expression} characters`);
  if (asked < 0) throw new ApiRefusal('timeout', 'query timed out in query queue');
  if (asked < 1) throw new ApiRefusal('timeout', 'query timed out in query execution');
  const late = new AbortController();
  const cancelTimer = timers.after(Math.min(asked, QUERY_LIMITS.timeoutMs), () => late.abort());
  const ended = AbortSignal.any([signal, late.signal]);
  const leave = await gate.enter(ended);
  if (typeof leave === 'string') cancelTimer();
  if (leave === 'full') throw new ApiRefusal('unavailable', 'too many queries are waiting for their turn');
  if (leave === 'aborted') {
    if (late.signal.aborted) throw new ApiRefusal('timeout', 'query timed out in query queue');
    throw new ApiRefusal('canceled', 'query was canceled in query queue');
  }
  try {
    const result = await work(ended);
    if (result.ok) return success(result.value.pieces, result.value.warnings);
    throw queryRefusal(result.error, params.get('query'), late.signal.aborted, wrap);
  } finally {
    cancelTimer();
    leave();
  }
}

/** An evaluation's failure in the form of Prometheus's API. */
export function queryRefusal(
  error: AppError,
  expr: string,
  isLate: boolean,
  wrap: (why: string) => string = (why) => why,
): ApiRefusal {
  switch (error.code) {
    case 'PROMQL_INVALID':
      return new ApiRefusal('bad_data', wrap(parseFailure(error, expr)));
    case 'PROMQL_RANGE_INVALID':
      return new ApiRefusal('bad_data', error.message.en);
    case 'PROMQL_EXECUTION':
      return new ApiRefusal(
        'execution',
        reasonOf(error, fillText(errorCatalogue.PROMQL_EXECUTION.message, NO_WHY).en),
      );
    case 'PROMQL_TOO_MANY_SAMPLES':
      return new ApiRefusal(
        'execution',
        'query processing would load too many samples into memory in query execution',
      );
    case 'PROMQL_TIMEOUT':
      return new ApiRefusal('timeout', 'query timed out in expression evaluation');
    case 'PROMQL_CANCELLED':
      return isLate
        ? new ApiRefusal('timeout', 'query timed out in expression evaluation')
        : new ApiRefusal('canceled', 'query was canceled in expression evaluation');
    default:
      return new ApiRefusal('internal', error.message.en);
  }
}

const NO_WHY = { why: '' };

/** What an error says behind its sentence; API clients put words of their own in front. */
function reasonOf({ message }: AppError, sentence: string): string {
  return message.en.startsWith(sentence) ? message.en.slice(sentence.length) : message.en;
}

/** `LINE:COLUMN: parse error: …` where the place is known, as Prometheus's clients expect it. */
function parseFailure(error: AppError, expr: string): string {
  const template = errorCatalogue.PROMQL_INVALID.message;
  if (error.column === undefined) return reasonOf(error, fillText(template, { column: 1, ...NO_WHY }).en);
  const why = reasonOf(error, fillText(template, { column: error.column, ...NO_WHY }).en);
  const before = expr.slice(0, error.column - 1).split('\n');
  return `${before.length}:${(before.at(-1) ?? '').length + 1}: parse error: ${why}`;
}

/** `/api/v1/query`. */
export function instantQuery(sources: ApiSources, parts: QueryParts) {
  return async (request: ApiRequest): Promise<Answer> => {
    const { params, now } = request;
    const time = optionalTime(params, 'time', now);
    return evaluated(
      parts,
      request,
      (signal) => sources.instant(params.get('query'), time, seriesLimit(params), signal),
      (why) => `invalid parameter "query": ${why}`,
    );
  };
}

/** `/api/v1/query_range`. */
export function rangeQuery(sources: ApiSources, parts: QueryParts) {
  return async (request: ApiRequest): Promise<Answer> => {
    const { params } = request;
    const start = requiredTime(params, 'start');
    const end = requiredTime(params, 'end');
    if (end < start) refuseParameter('end', 'end timestamp must not be before start time');
    const step = requiredDuration(params, 'step');
    if (step <= 0)
      refuseParameter(
        'step',
        'zero or negative query resolution step widths are not accepted. Try a positive integer',
      );
    if (Math.floor((end - start) / step) > QUERY_LIMITS.points)
      throw new ApiRefusal(
        'bad_data',
        'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
      );
    // Times are whole milliseconds; Prometheus fails on a shorter step.
    const stepMs = Math.max(1, Math.trunc(step));
    return evaluated(
      parts,
      request,
      (signal) => sources.range(params.get('query'), { start, end, stepMs }, seriesLimit(params), signal),
      (why) => why,
    );
  };
}

/** The most series of a result; 0 for all. Prometheus 2.42 knows no limit, newer servers do. */
export function seriesLimit(params: Params): number {
  const text = params.get('limit');
  if (text === '') return 0;
  if (!/^\+?\d+$/.test(text)) refuseParameter('limit', 'limit must be a non-negative number');
  return Number(text);
}

/** `/api/v1/query_exemplars`: the console keeps none. */
export function exemplars(sources: ApiSources) {
  return ({ params }: ApiRequest): Answer => {
    const start = optionalTime(params, 'start', Number.NEGATIVE_INFINITY);
    const end = optionalTime(params, 'end', Number.POSITIVE_INFINITY);
    if (end < start) throw new ApiRefusal('bad_data', 'end timestamp must not be before start timestamp');
    const checked = sources.check(params.get('query'));
    if (!checked.ok) throw queryRefusal(checked.error, params.get('query'), false);
    return success('[]');
  };
}
