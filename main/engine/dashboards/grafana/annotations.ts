import type { DashboardInput } from '#shared/domain/dashboard/model.ts';
import { colorAt } from './colors.ts';
import type { Node } from './node.ts';
import { type Inputs, isPromql, sourceKind } from './targets.ts';

type AnnotationInput = NonNullable<DashboardInput['annotations']>[number];

function panelsOf(node: Node): AnnotationInput['panels'] {
  const filter = node.child('filter');
  const ids = filter
    .list('ids')
    .filter((id): id is number => Number.isInteger(id))
    .slice(0, 500);
  return ids.length === 0 ? null : { ids, exclude: filter.flag('exclude') };
}

/** What is marked on the time axis. */
export function readAnnotations(nodes: readonly Node[], inputs: Inputs): AnnotationInput[] {
  return nodes.flatMap((node): AnnotationInput[] => {
    const kind = sourceKind(node.raw('datasource'), inputs);
    const color = colorAt(node, 'iconColor') ?? 'accent';
    const base = {
      name: node.text('name', 300),
      color,
      shown: node.flag('enable', true),
      hidden: node.flag('hide'),
      panels: panelsOf(node),
    };
    const target = node.child('target');
    const expr = node.text('expr', 20_000) || target.text('expr', 20_000);
    node.skip(
      'builtIn',
      'type',
      'target',
      'limit',
      'matchAny',
      'tags',
      'showIn',
      'rawQuery',
      'snapshotData',
      'mappings',
      'useValueForTime',
      'iconSize',
      'lineColor',
      'showLine',
    );
    if (kind === 'grafana' || kind === '-- Grafana --' || node.number('builtIn') === 1) {
      node.note('builtIn', {
        zh: 'Grafana 自身的注释改为本控制台的部署标记',
        en: "Grafana's own annotations became this console's marks",
      });
      return [{ ...base, source: { of: 'deployments' } }];
    }
    if (!isPromql(kind) || expr === '') {
      node.findings.add('left', node.path, {
        zh: `注释“${base.name}”的查询不是 PromQL，已略去`,
        en: `the annotation "${base.name}" does not ask in PromQL and was left out`,
      });
      return [];
    }
    const source = {
      of: 'query' as const,
      expr,
      minStep: node.text('step', 100) || target.text('interval', 100) || '60s',
      title: node.text('titleFormat', 1000),
      text: node.text('textFormat', 1000),
      tagLabels: node
        .text('tagKeys', 5000)
        .split(',')
        .map((label) => label.trim())
        .filter((label) => label !== '' && label.length <= 200)
        .slice(0, 50),
    };
    if (node.raw('useValueForTime') === true || node.raw('useValueForTime') === 'on')
      node.changed('useValueForTime', {
        zh: '注释的时间取样本时间，不取样本值',
        en: "the mark stands at the sample's time and not at its value",
      });
    node.listRest();
    return [{ ...base, source }];
  });
}
