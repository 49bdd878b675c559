import type * as z from 'zod';
import type { fieldSchema, overrideSchema } from '#shared/domain/dashboard/field.ts';
import { isKnownUnit } from '#shared/units/display.ts';
import { colorAt } from './colors.ts';
import { readDraw } from './draw.ts';
import { linksAt, panelLink } from './links.ts';
import { readMappings } from './mappings.ts';
import { integer, Node, oneOf } from './node.ts';

type FieldInput = z.input<typeof fieldSchema>;
export type OverrideInput = z.input<typeof overrideSchema>;
type SetInput = OverrideInput['set'];

/** A unit's id; one that the console does not know is kept, written behind the number, and said. */
function unitAt(node: Node, key: string): string {
  const unit = node.text(key, 100);
  if (!isKnownUnit(unit))
    node.changed(key, {
      zh: `单位“${unit}”没有专门的写法，按数值后加单位名显示`,
      en: `the unit "${unit}" is written behind the plain number`,
    });
  return unit;
}

function readThresholds(node: Node): NonNullable<FieldInput['thresholds']> {
  const mode = node.text('mode', 20) === 'percentage' ? 'percent' : 'absolute';
  const steps = node.children('steps', 50).map((step, i) => {
    const from = i === 0 ? null : step.number('value');
    step.skip('value', 'index', 'yaxis', 'op', 'line', 'state');
    return { from, color: colorAt(step, 'color') ?? 'neutral' };
  });
  const [first, ...rest] = steps;
  rest.sort((a, b) => (a.from ?? 0) - (b.from ?? 0));
  node.listRest();
  return { mode, steps: first === undefined ? [] : [first, ...rest] };
}

function readColorMode(node: Node): NonNullable<FieldInput['color']> {
  const mode = node.text('mode', 50, 'palette-classic');
  node.skip('seriesBy');
  const fixed = colorAt(node, 'fixedColor');
  if (mode === 'thresholds') return { mode: 'thresholds' };
  if (mode === 'fixed' || mode === 'shades') return { mode: 'fixed', color: fixed ?? 'accent' };
  if (mode.startsWith('continuous-')) {
    if (mode === 'continuous-RdYlGr') return { mode: 'scale', from: 'critical', to: 'ok' };
    if (mode === 'continuous-GrYlRd' || mode === 'continuous-YlRd')
      return { mode: 'scale', from: 'ok', to: 'critical' };
    node.changed('mode', {
      zh: `色带“${mode}”改为中性到强调色`,
      en: `the colour scale "${mode}" became neutral to accent`,
    });
    return { mode: 'scale', from: 'neutral', to: 'accent' };
  }
  if (!mode.startsWith('palette-classic'))
    node.changed('mode', {
      zh: `着色方式“${mode}”改为调色板`,
      en: `the colour mode "${mode}" became the palette`,
    });
  return { mode: 'palette' };
}

function columnSettings(custom: Node): SetInput {
  const set: SetInput = {};
  const width = integer(custom.number('width'), 10, 5000);
  if (width !== null && width > 0) set.width = width;
  if (custom.flag('hidden')) set.hidden = true;
  const align = oneOf(custom.raw('align'), ['left', 'center', 'right']);
  if (align !== null) set.align = align;
  const cell = custom.has('cellOptions') ? custom.child('cellOptions') : custom;
  const kind = cell === custom ? custom.text('displayMode', 50) : cell.text('type', 50);
  if (kind.startsWith('color-background')) set.cell = 'color-cell';
  else if (kind === 'color-text') set.cell = 'color-text';
  else if (/^(?:basic|lcd-gauge|gradient-gauge|gauge|sparkline)$/.test(kind)) set.cell = 'bar';
  else if (kind !== '' && kind !== 'auto' && kind !== 'json-view')
    custom.changed('cellOptions', {
      zh: `单元格样式“${kind}”改为文本`,
      en: `cells of kind "${kind}" became text`,
    });
  cell.skip('mode', 'valueDisplayMode', 'applyToRow', 'wrapText');
  if (cell !== custom) cell.listRest();
  custom.skip(
    'filterable',
    'inspect',
    'minWidth',
    'wrapHeaderText',
    'cellOptions',
    'displayMode',
    'footer',
    'tooltip',
  );
  return set;
}

/** The members of `fieldConfig.defaults`, or of an override's properties brought into the same shape. */
function readSettings(node: Node): SetInput {
  const set: SetInput = {};
  if (node.has('unit')) set.unit = unitAt(node, 'unit');
  if (node.has('decimals')) set.decimals = integer(node.number('decimals'), 0, 15);
  if (node.has('min')) set.min = node.number('min');
  if (node.has('max')) set.max = node.number('max');
  const name = node.text('displayName', 500) || node.text('displayNameFromDS', 500);
  if (name !== '') set.name = name;
  if (node.has('noValue')) set.noValue = node.text('noValue', 300);
  if (node.has('mappings')) set.mappings = readMappings(node, 'mappings');
  if (node.has('thresholds')) set.thresholds = readThresholds(node.child('thresholds'));
  if (node.has('color')) set.color = readColorMode(node.child('color'));
  if (node.has('links')) set.links = linksAt(node, 'links', panelLink);
  if (node.has('custom')) {
    const custom = node.child('custom');
    Object.assign(set, columnSettings(custom));
    const draw = readDraw(custom);
    if (Object.keys(draw).length > 0) set.draw = draw;
    // What is hidden from the picture is a hidden series.
    if (custom.child('hideFrom').flag('viz')) set.hidden = true;
    custom.listRest();
  }
  node.skip('filterable', 'fieldMinMax', 'description', 'nullValueMode', 'writeable', 'unitScale');
  node.listRest();
  return set;
}

/** Properties of an override as the object that `fieldConfig.defaults` is: `custom.x` goes into `custom`. */
function propertiesAsSettings(node: Node): Node {
  const settings: Record<string, unknown> = {};
  const custom: Record<string, unknown> = {};
  for (const property of node.children('properties', 100)) {
    const id = property.text('id', 200);
    const value = property.raw('value');
    const nested = /^custom\.(\w+)(?:\.(\w+))?$/.exec(id);
    if (nested?.[1] === undefined) settings[id] = value;
    else if (nested[2] === undefined) custom[nested[1]] = value;
    else custom[nested[1]] = { ...(custom[nested[1]] as object | undefined), [nested[2]]: value };
  }
  if (Object.keys(custom).length > 0) settings.custom = custom;
  return new Node(settings, `${node.path}.properties`, node.findings);
}

function matchesOf(node: Node): readonly OverrideInput['match'][] | null {
  const matcher = node.child('matcher');
  const id = matcher.text('id', 100);
  const option = matcher.raw('options');
  const text = typeof option === 'string' ? option.slice(0, 1000) : '';
  switch (id) {
    case 'byName':
      return [{ by: 'name', name: text }];
    case 'byRegexp':
      return [{ by: 'regex', pattern: text }];
    case 'byFrameRefID':
      return text === '' ? null : [{ by: 'target', ref: text.slice(0, 100) }];
    case 'byType': {
      const type = oneOf(text, ['number', 'time']);
      if (type !== null) return [{ by: 'type', type }];
      return text === 'string' ? [{ by: 'type', type: 'text' }] : null;
    }
    case 'byNames': {
      const options = matcher.child('options');
      if (options.text('mode', 20) === 'exclude') return null;
      return options
        .texts('names', 1000)
        .slice(0, 50)
        .map((name) => ({ by: 'name', name }) as const);
    }
    default:
      return null;
  }
}

function readOverride(node: Node): readonly OverrideInput[] {
  // What somebody hid by clicking in the legend is no setting of the dashboard's author.
  if (node.has('__systemRef')) {
    node.findings.add('note', node.path, {
      zh: '临时隐藏的序列重新显示',
      en: 'series that were hidden by a click are shown again',
    });
    return [];
  }
  const matches = matchesOf(node);
  if (matches === null) {
    node.left('matcher', {
      zh: '覆盖规则的匹配方式不支持，整条略去',
      en: 'an override that chooses in a way that is not known was left out',
    });
    return [];
  }
  const set = readSettings(propertiesAsSettings(node));
  return matches.map((match) => ({ match, set }));
}

/** What `fieldConfig` says of a panel's values. */
export function readFieldConfig(panel: Node): {
  readonly field: FieldInput;
  readonly overrides: OverrideInput[];
} {
  const config = panel.child('fieldConfig');
  const { hidden, width, cell, align, ...field } = readSettings(config.child('defaults'));
  const columns: SetInput = {
    ...(hidden === undefined ? {} : { hidden }),
    ...(width === undefined ? {} : { width }),
    ...(cell === undefined ? {} : { cell }),
    ...(align === undefined ? {} : { align }),
  };
  const first: OverrideInput[] =
    Object.keys(columns).length === 0 ? [] : [{ match: { by: 'regex', pattern: '.*' }, set: columns }];
  const overrides = config.children('overrides', 190).flatMap(readOverride);
  config.listRest();
  return { field: field as FieldInput, overrides: [...first, ...overrides].slice(0, 200) };
}
