import { compareText } from '#shared/domain/text-order.ts';
import { jsonPairs, jsonString, jsonStrings } from '#shared/units/json-text.ts';
import { type Answer, success, TRUNCATED } from './answer.ts';
import { optionalLimit, optionalTime, type Params, refuseMalformed } from './params.ts';
import { type ApiRequest, queryRefusal, seriesLimit } from './query-endpoints.ts';
import { ApiRefusal } from './refusal.ts';
import type { ApiChoice, ApiMatcher, ApiSources } from './sources.ts';

/** Entries that one piece of text takes; an answer may have a hundred thousand. */
const PER_PIECE = 500;

function chosen(sources: ApiSources, params: Params, wrap: (why: string) => string): ApiChoice {
  const from = optionalTime(params, 'start', Number.NEGATIVE_INFINITY);
  const to = optionalTime(params, 'end', Number.POSITIVE_INFINITY);
  const selectors = params.all('match[]').map((text) => matchers(sources, text, wrap));
  return { selectors, from, to };
}

function matchers(sources: ApiSources, text: string, wrap: (why: string) => string): readonly ApiMatcher[] {
  if (/^\s*\{\s*\}\s*$/.test(text)) throw new ApiRefusal('bad_data', wrap(NON_EMPTY));
  const parsed = sources.selector(text);
  if (!parsed.ok) throw queryRefusal(parsed.error, text, false, wrap);
  return parsed.value;
}

const NON_EMPTY = 'match[] must contain at least one non-empty matcher';
const asMatch = (why: string): string => `invalid parameter "match[]": ${why}`;
const asIs = (why: string): string => why;

/** Cuts a list to what the client wants, in the way of newer Prometheus servers; 2.42 gives all. */
function limited<T>(params: Params, all: readonly T[] | null): readonly [readonly T[], readonly string[]] {
  if (all === null) throw new ApiRefusal('canceled', 'the client went away');
  const limit = seriesLimit(params);
  const isCut = limit > 0 && all.length > limit;
  return isCut ? [all.slice(0, limit), [TRUNCATED]] : [all, []];
}

function* jsonList<T>(items: readonly T[], write: (item: T) => string): Iterable<string> {
  for (let i = 0; i < items.length; i += PER_PIECE) {
    const part = items
      .slice(i, i + PER_PIECE)
      .map(write)
      .join(',');
    yield `${i === 0 ? '[' : ','}${part}`;
  }
  yield items.length === 0 ? '[]' : ']';
}

/** `/api/v1/series`. */
export function series(sources: ApiSources) {
  return async ({ params, signal }: ApiRequest): Promise<Answer> => {
    refuseMalformed(params);
    if (params.all('match[]').length === 0) throw new ApiRefusal('bad_data', 'no match[] parameter provided');
    const [shown, warnings] = limited(params, await sources.series(chosen(sources, params, asMatch), signal));
    return success(jsonList(shown, jsonPairs), warnings);
  };
}

/** `/api/v1/labels`. */
export function labels(sources: ApiSources) {
  return async ({ params, signal }: ApiRequest): Promise<Answer> => {
    const [shown, warnings] = limited(
      params,
      await sources.labelNames(chosen(sources, params, asIs), signal),
    );
    return success(jsonStrings(shown), warnings);
  };
}

/** `/api/v1/label/:name/values`. */
export function labelValues(sources: ApiSources) {
  return async ({ params, path, signal }: ApiRequest): Promise<Answer> => {
    const name = path.name ?? '';
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name))
      throw new ApiRefusal('bad_data', `invalid label name: ${JSON.stringify(name)}`);
    const [shown, warnings] = limited(
      params,
      await sources.labelValues(name, chosen(sources, params, asIs), signal),
    );
    return success(jsonList(shown, jsonString), warnings);
  };
}

/** `/api/v1/metadata`: what expositions said, by metric or family. */
export function metadata(sources: ApiSources) {
  return ({ params }: ApiRequest): Answer => {
    const limit = optionalLimit(params);
    const wanted = params.get('metric');
    const known = sources.metadata().filter(({ name }) => wanted === '' || name === wanted);
    const shown = limit >= 0 ? known.slice(0, limit) : known;
    const entries = shown.map((one) => `${jsonString(one.name)}:[{${about(one)}}]`);
    return success(`{${entries.join(',')}}`);
  };
}

/** Type, help and unit of a metric as members of a JSON object. */
function about({ type, help, unit }: { type: string; help: string; unit: string }): string {
  return `"type":${jsonString(type)},"help":${jsonString(help)},"unit":${jsonString(unit)}`;
}

/** Endings of the series of a family whose name is without them. */
const ENDINGS = ['_total', '_bucket', '_count', '_sum', '_created', '_info'];

/** `/api/v1/targets/metadata`: what each target exposes, by the names of its series. */
export function targetMetadata(sources: ApiSources) {
  return async ({ params, signal }: ApiRequest): Promise<Answer> => {
    const limit = optionalLimit(params);
    const wanted = params.get('metric');
    const text = params.get('match_target');
    const wrap = (why: string): string => `invalid parameter "match_target": ${why}`;
    const known = new Map(sources.metadata().map((one) => [one.name, one]));
    const entries: string[] = [];
    for (const target of sources.targets()) {
      if (limit >= 0 && entries.length >= limit) break;
      const labels = targetLabels(target.config);
      const own = Object.entries(labels).map(([name, value]): ApiMatcher => ({ name, op: '=', value }));
      const also = /^\s*(?:\{\s*\}\s*)?$/.test(text) ? [] : matchers(sources, text, wrap);
      const selectors = [[...own, ...also]];
      const choice = { selectors, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
      const names = (await sources.labelValues('__name__', choice, signal)) ?? [];
      const families = new Set(names.map((name) => familyOf(name, known)));
      const json = jsonPairs(Object.entries(labels).flat());
      for (const name of [...families].sort(compareText)) {
        const one = known.get(name);
        if (one === undefined || (wanted !== '' && wanted !== name)) continue;
        if (limit >= 0 && entries.length >= limit) break;
        const named = wanted === '' ? `"metric":${jsonString(name)},` : '';
        entries.push(`{"target":${json},${named}${about(one)}}`);
      }
    }
    return success(`[${entries.join(',')}]`);
  };
}

function familyOf(name: string, known: ReadonlyMap<string, unknown>): string {
  if (known.has(name)) return name;
  for (const ending of ENDINGS) {
    const family = name.endsWith(ending) ? name.slice(0, -ending.length) : name;
    if (known.has(family)) return family;
  }
  return name;
}

/** The labels that a target's samples get, in order of name. */
export function targetLabels(config: {
  readonly job: string;
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
}): Readonly<Record<string, string>> {
  const all = { job: config.job, instance: config.address, ...config.labels };
  return Object.fromEntries(
    Object.entries(all)
      .filter(([, value]) => value !== '')
      .sort(([a], [b]) => compareText(a, b)),
  );
}
