import { labelValue, METRIC_NAME } from '#shared/domain/labels.ts';
import { compareText } from '#shared/domain/text-order.ts';
import { type Answer, textError } from './answer.ts';
import { labelText, TEXT_FORMAT } from './exposition.ts';
import type { ApiRequest } from './query-endpoints.ts';
import type { ApiMatcher, ApiSources, NewestSample } from './sources.ts';

/** How far back the newest sample may lie, as in a query. */
const LOOKBACK_MS = 300_000;
const PER_PIECE = 500;

/**
 * `/federate`: the newest sample of every series that `match[]` chooses, with its own time, for a Prometheus above this
 * console. A series without the label `instance` gets an empty one, so that the scraping server adds none of its own.
 */
export function federate(sources: ApiSources) {
  return async ({ params, signal, now }: ApiRequest): Promise<Answer> => {
    const selectors: (readonly ApiMatcher[])[] = [];
    for (const text of params.all('match[]')) {
      const parsed = sources.selector(text);
      if (!parsed.ok) return textError(400, parsed.error.message.en);
      selectors.push(parsed.value);
    }
    const found = (await sources.newest({ selectors, from: now - LOOKBACK_MS, to: now }, signal)) ?? [];
    const named = found.map((sample) => ({ ...sample, name: labelValue(sample.labels, METRIC_NAME) }));
    named.sort((a, b) => compareText(a.name, b.name));
    return { status: 200, type: TEXT_FORMAT, pieces: lines(named) };
  };
}

type Named = NewestSample & { readonly name: string };

function* lines(samples: readonly Named[]): Iterable<string> {
  let text = '';
  let last = '';
  for (const [i, { name, labels, value, time }] of samples.entries()) {
    if (name !== last) text += `# TYPE ${name} untyped\n`;
    last = name;
    const shown = labels.filter((_, at) => labels[at - (at % 2)] !== METRIC_NAME);
    const whole = labelValue(labels, 'instance') === '' ? [...shown, 'instance', ''] : shown;
    text += `${name}${labelText(whole)} ${numberText(value)} ${time}\n`;
    if (i % PER_PIECE !== PER_PIECE - 1) continue;
    yield text;
    text = '';
  }
  yield text;
}

/** A number as the text format writes it. */
function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return Object.is(value, -0) ? '-0' : String(value);
}
