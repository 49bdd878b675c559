import type { RequestOutput, RequestParams } from '#shared/contract/index.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { SearchProxy } from './proxy.ts';
import type { SavedSearches } from './saved.ts';

/** What was found is offered for this long before it is looked for again. */
const KEEP_MS = 30_000;
/** Fields that the columns of the store tell without a line being opened. */
const QUICK = new Set(['host', 'source', 'stream', 'level']);

type Means = {
  readonly searcher: SearchProxy;
  readonly saved: SavedSearches;
  readonly clock: Clock;
  readonly cache: CompletionCache;
};
type Values = RequestOutput<'logs.completion'>['values'];

/** What was found lately, by what was asked. */
export type CompletionCache = Map<string, { readonly at: number; readonly values: Values }>;

/** Names and values that complete a query, the most frequent of the newest lines first. */
export async function completions(
  means: Means,
  request: RequestParams<'logs.completion'>,
  signal: AbortSignal,
): Promise<Result<RequestOutput<'logs.completion'>>> {
  const { saved, clock, cache } = means;
  const { kind, prefix, limit } = request;
  const wanted = prefix.toLowerCase();
  const fitting = (values: Values): Result<RequestOutput<'logs.completion'>> =>
    ok({
      values: values
        .filter(({ value }) => value !== '' && value.toLowerCase().includes(wanted))
        .sort((a, b) => rank(a.value, wanted) - rank(b.value, wanted) || b.count - a.count)
        .slice(0, limit),
    });
  if (kind === 'saved') return fitting(saved.list().map(({ name }) => ({ value: name, count: 0 })));
  const field = kind === 'value' ? (request.field ?? '') : kind;
  const key = `${kind} ${field}`;
  const now = clock.now();
  const known = cache.get(key);
  if (known !== undefined && now - known.at < KEEP_MS && known.at <= now) return fitting(known.values);
  const values = await lately(means, kind, field, signal);
  if (!values.ok) return values;
  if (cache.size > 100) cache.clear();
  cache.set(key, { at: now, values: values.value });
  return fitting(values.value);
}

function rank(value: string, prefix: string): number {
  return value.toLowerCase().startsWith(prefix) ? 0 : 1;
}

async function lately(
  { searcher }: Means,
  kind: RequestParams<'logs.completion'>['kind'],
  field: string,
  signal: AbortSignal,
): Promise<Result<Values>> {
  // Of fields the newest thousand lines tell enough; hosts and sources are asked of the columns of all lines.
  if (QUICK.has(field)) {
    const found = await searcher.call(
      { method: 'fields', query: '', start: undefined, end: undefined, fields: [field], top: 1000 },
      signal,
    );
    return found.ok ? ok(found.value.fields[0]?.top ?? []) : found;
  }
  const page = await searcher.call(
    {
      method: 'search',
      query: '',
      start: undefined,
      end: undefined,
      limit: 2000,
      cursor: undefined,
      count: 'later',
    },
    signal,
  );
  if (!page.ok) return page;
  const counts = new Map<string, number>();
  const add = (value: string): void => {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  };
  for (const event of page.value.events) {
    if (kind === 'field') for (const name of Object.keys(event.fields)) add(name);
    else if (kind === 'tag' || field === 'tag') for (const tag of event.tags) add(tag);
    else {
      const value = Object.hasOwn(event.fields, field) ? event.fields[field] : undefined;
      if (value !== undefined) add(value.slice(0, 200));
    }
  }
  return ok([...counts].map(([value, count]) => ({ value, count })));
}
