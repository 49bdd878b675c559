import type * as z from 'zod';
import type { targetSchema } from '#shared/domain/dashboard/panels.ts';
import { isJson, type Node } from './node.ts';

export type TargetInput = z.input<typeof targetSchema>;

/** What `__inputs` of an export say: which placeholder is a data source of which kind, and what constants are. */
export type Inputs = {
  readonly sources: ReadonlyMap<string, string>;
  readonly constants: ReadonlyMap<string, string>;
};

/** Kinds of data sources that speak PromQL. */
const PROMQL = /prometheus|victoriametrics|mimir|thanos|cortex|amp/i;

/** The kind of a data source as it is referred to; '' when the reference does not say, which is the default one. */
export function sourceKind(source: unknown, inputs: Inputs): string {
  if (isJson(source)) {
    if (typeof source.type === 'string' && source.type !== '') return source.type;
    return sourceKind(source.uid, inputs);
  }
  if (typeof source !== 'string') return '';
  const placeholder = /^\$\{(\w+)\}$/.exec(source)?.[1];
  if (placeholder !== undefined) return inputs.sources.get(placeholder) ?? '';
  return /^-- .* --$/.test(source) ? source : '';
}

/** Whether PromQL can be meant. */
export function isPromql(kind: string): boolean {
  return kind === '' || kind === 'datasource' || kind === '-- Mixed --' || PROMQL.test(kind);
}

function readTarget(node: Node, inputs: Inputs, panelKind: string, minStep: string): TargetInput | null {
  const own = sourceKind(node.raw('datasource'), inputs);
  const kind = own === '' ? panelKind : own;
  const expr = node.text('expr', 20_000);
  if (!isPromql(kind)) {
    const what = kind === '__expr__' ? 'expression' : kind;
    node.findings.add('left', node.path, {
      zh: `查询面向“${what}”而非 Prometheus，已略去${expr === '' ? '' : `：${expr.slice(0, 200)}`}`,
      en: `asks "${what}" and not Prometheus; left out${expr === '' ? '' : `: ${expr.slice(0, 200)}`}`,
    });
    return null;
  }
  if (expr.trim() === '') {
    node.findings.add('left', node.path, {
      zh: '查询没有 PromQL 表达式，已略去',
      en: 'has no PromQL expression and was left out',
    });
    return null;
  }
  const legend = node.text('legendFormat', 1000);
  const [instant, range] = [node.flag('instant'), node.flag('range', true)];
  const format = node.text('format', 30, 'time_series');
  if (instant && node.raw('range') === true && format !== 'table')
    node.note('instant', {
      zh: '同时查询范围与瞬时值，取范围',
      en: 'asks for a range and an instant; the range is taken',
    });
  const factor = node.number('intervalFactor');
  if (factor !== null && factor > 1)
    node.changed('intervalFactor', {
      zh: `步长倍数 ${factor} 已略去`,
      en: `the step factor ${factor} was left out`,
    });
  if (node.text('queryType', 30) === 'exemplar' || node.flag('exemplar'))
    node.note('exemplar', { zh: '样例数据（exemplar）不显示', en: 'exemplars are not shown' });
  node.skip(
    'datasource',
    'editorMode',
    'useBackend',
    'fullMetaSearch',
    'includeNullMetadata',
    'disableTextWrap',
    'metric',
    'step',
    'requestId',
    'key',
    'hideTimeOverride',
    'rawQuery',
    'target',
    'textEditor',
    'queryType',
    'qryType',
    'query',
    'interval_ms',
    'utcOffsetSec',
    'queryHeader',
  );
  const target: TargetInput = {
    ref: node.text('refId', 100) || 'A',
    expr,
    legend: legend === '__auto' ? '' : legend,
    mode:
      (instant && node.raw('range') !== true) || (instant && format === 'table') || !range
        ? 'instant'
        : 'range',
    minStep: node.text('interval', 100).replace(/^[<>]=?\s*/, '') || minStep,
    format: format === 'table' ? 'table' : format === 'heatmap' ? 'buckets' : 'series',
    hidden: node.flag('hide'),
  };
  node.listRest();
  return target;
}

/** The targets of a panel; names that two of them have are made different. */
export function readTargets(panel: Node, inputs: Inputs): TargetInput[] {
  const kind = sourceKind(panel.raw('datasource'), inputs);
  const minStep = panel.text('interval', 100).replace(/^[<>]=?\s*/, '');
  const seen = new Set<string>();
  return panel.children('targets', 50).flatMap((node) => {
    const target = readTarget(node, inputs, kind, minStep);
    if (target === null) return [];
    let ref = target.ref;
    for (let i = 2; seen.has(ref); i++) ref = `${target.ref}${i}`;
    seen.add(ref);
    return [{ ...target, ref }];
  });
}
