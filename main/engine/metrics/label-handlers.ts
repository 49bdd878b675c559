import type { AreaHandlers } from '#shared/contract/index.ts';
import type { MetricMetadata } from '#shared/contract/metrics.ts';
import { labelsToRecord } from '#shared/domain/labels.ts';
import { compareText } from '#shared/domain/text-order.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { inPortions } from '../platform/portions.ts';
import { findLabelNames, findLabelValues, findSeries, type SeriesChoice } from './label-queries.ts';
import type { LabelMatcher } from './matchers.ts';
import { metricType } from './names.ts';
import type { SeriesStore } from './store.ts';

/** Parses a selector; implemented by the query language. */
export type ParseSelector = (text: string) => Result<readonly LabelMatcher[]>;

type LabelHandlers = Pick<
  AreaHandlers<'metrics'>,
  'metrics.series' | 'metrics.labelNames' | 'metrics.labelValues' | 'metrics.metadata'
>;

/** Answers what series, labels and metrics there are. */
export function createLabelHandlers(store: SeriesStore, parse: ParseSelector): LabelHandlers {
  const choose = (params: Asked): Result<SeriesChoice> => {
    const selectors: (readonly LabelMatcher[])[] = [];
    for (const [i, text] of params.matchers.entries()) {
      const parsed = parse(text);
      if (!parsed.ok) return err({ ...parsed.error, field: `matchers.${i}` });
      selectors.push(parsed.value);
    }
    return ok({ selectors, from: params.start ?? -Infinity, to: params.end ?? Infinity });
  };
  return {
    'metrics.series': async (params, { signal }) => {
      const choice = choose(params);
      if (!choice.ok) return choice;
      const found = await inPortions(findSeries(store, choice.value), signal);
      if (found === null) return err(appError('CANCELLED'));
      return ok({ series: found.slice(0, params.limit).map(labelsToRecord), total: found.length });
    },
    'metrics.labelNames': async (params, { signal }) => {
      const choice = choose(params);
      if (!choice.ok) return choice;
      const names = await inPortions(findLabelNames(store, choice.value), signal);
      if (names === null) return err(appError('CANCELLED'));
      const found = containing(names, params.contains);
      return ok({ names: found.slice(0, params.limit), total: found.length });
    },
    'metrics.labelValues': async (params, { signal }) => {
      const choice = choose(params);
      if (!choice.ok) return choice;
      const values = await inPortions(findLabelValues(store, params.label, choice.value), signal);
      if (values === null) return err(appError('CANCELLED'));
      const found = containing(values, params.contains);
      return ok({ values: found.slice(0, params.limit), total: found.length });
    },
    'metrics.metadata': ({ metric, limit }) => {
      const metrics = describeMetrics(store, metric);
      return ok({ metrics: metrics.slice(0, limit), total: metrics.length });
    },
  };
}

/** What expositions said about metrics and families, in order of name; about all, or one. */
export function describeMetrics(store: SeriesStore, metric?: string): MetricMetadata[] {
  const names = [...store.describedNames()].filter((name) => metric === undefined || name === metric);
  return names.sort(compareText).map((name) => {
    const { type = '', help = '', unit = '' } = store.metadata(name) ?? {};
    return { name, type: metricType(type), help, unit };
  });
}

type Asked = {
  readonly matchers: readonly string[];
  readonly start?: number | undefined;
  readonly end?: number | undefined;
};

function containing(texts: readonly string[], part: string): readonly string[] {
  if (part === '') return texts;
  const wanted = part.toLowerCase();
  return texts.filter((text) => text.toLowerCase().includes(wanted));
}
