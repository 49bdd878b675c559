// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to variables are what is tested.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expandDashboard, MOST_EXPANDED_PANELS } from '#shared/domain/dashboard/expand.ts';
import { interpolateExpression, type Scope } from '#shared/domain/dashboard/interpolate.ts';
import { compact, moveTo, settle } from '#shared/domain/dashboard/layout.ts';
import { dashboardSchema } from '#shared/domain/dashboard/model.ts';
import { displayValue } from '#shared/units/display.ts';
import { exportDashboard } from '../../main/engine/dashboards/export.ts';
import { importDashboard } from '../../main/engine/dashboards/import.ts';
import { placeOf, readJson } from '../../main/engine/dashboards/json-places.ts';
import { expressionFault } from '../helpers/dashboards.ts';

const place = fc
  .record({
    x: fc.nat(23),
    y: fc.nat(40),
    w: fc.integer({ min: 1, max: 24 }),
    h: fc.integer({ min: 1, max: 12 }),
  })
  .map(({ x, w, ...rest }) => ({ x, w: Math.min(w, 24 - x), ...rest }));
const items = fc
  .array(place, { maxLength: 40 })
  .map((places) => places.map((each, id) => ({ id, place: each })));

function overlapping(
  list: readonly { readonly place: { x: number; y: number; w: number; h: number } }[],
): number {
  let count = 0;
  list.forEach(({ place: a }, i) => {
    for (const { place: b } of list.slice(i + 1))
      if (a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h) count++;
  });
  return count;
}

describe('panels never overlap', () => {
  test('settled, compacted and moved', () => {
    fc.assert(
      fc.property(items, place, fc.nat(), (list, wanted, which) => {
        const settled = settle(list);
        expect(overlapping(settled)).toBe(0);
        expect(settled.map(({ id }) => id)).toEqual(list.map(({ id }) => id));
        expect(settle(settled)).toEqual(settled);
        expect(overlapping(compact(settled))).toBe(0);
        if (list.length > 0) {
          const id = which % list.length;
          const moved = moveTo(settled, id, wanted);
          expect(overlapping(moved)).toBe(0);
          expect(moved[id]?.place).toMatchObject({ x: wanted.x, w: wanted.w, h: wanted.h });
        }
      }),
    );
  });

  test('repeated, however many values there are', () => {
    const panel = fc.record({
      place,
      repeat: fc.option(
        fc.record({
          variable: fc.constantFrom('a', 'b'),
          direction: fc.constantFrom('across', 'down'),
          most: fc.integer({ min: 1, max: 24 }),
        }),
      ),
    });
    const values = fc.array(fc.string(), { maxLength: 60 });
    fc.assert(
      fc.property(
        fc.array(panel, { maxLength: 12 }),
        values,
        values,
        fc.boolean(),
        (panels, a, b, isRepeated) => {
          const dashboard = dashboardSchema.parse({
            format: 'hmtt-dashboard',
            version: 1,
            uid: 'x',
            title: 'x',
            rows: [
              {
                repeat: isRepeated ? 'a' : null,
                panels: panels.map((each, i) => ({ kind: 'text', id: i + 1, ...each })),
              },
            ],
          });
          const { rows } = expandDashboard(
            dashboard,
            new Map([
              ['a', a],
              ['b', b],
            ]),
          );
          for (const row of rows) expect(overlapping(row.panels)).toBe(0);
          expect(rows.flatMap((row) => row.panels).length).toBeLessThanOrEqual(MOST_EXPANDED_PANELS);
          expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
        },
      ),
    );
  });
});

describe('variables', () => {
  const scope = (values: readonly string[], several: boolean): Scope => ({
    variables: new Map([['v', { name: 'v', values, texts: values, several, all: null }]]),
    from: 0,
    to: 1,
    stepMs: 1,
    scrapeMs: 1,
    dashboard: '',
  });
  const hostile = fc.string({
    unit: fc.constantFrom('"', "'", '`', '\\', '\n', '}', ')', '$', 'v', '[', 'a', '#', '|'),
  });

  test('whatever a host brings along stays inside its string', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), fc.boolean(), (values, several) => {
        for (const expr of ['up{x=~"a$v"}', "up{x=~'[[v]]'}", 'up{x=~`${v}`}', 'up{x=~"${v:regex}"}']) {
          const filled = interpolateExpression(expr, scope(values, several || values.length > 1));
          // Written as several it is a regular expression that holds; as one it may be none, but it never is more than one string.
          const matcher = several || values.length > 1 ? filled : filled.replace('=~', '=');
          expect(expressionFault(matcher), `${expr} → ${matcher}`).toBeNull();
        }
      }),
    );
  });
});

describe('files', () => {
  const parts = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.jsonValue({ maxDepth: 2 }),
      tie('panel'),
      fc.array(tie('panel'), { maxLength: 4 }),
    ),
    panel: fc.dictionary(
      fc.constantFrom(
        'id',
        'type',
        'title',
        'gridPos',
        'targets',
        'fieldConfig',
        'options',
        'defaults',
        'custom',
        'overrides',
        'panels',
        'repeat',
        'mappings',
        'thresholds',
        'steps',
        'links',
        'transformations',
        'libraryPanel',
        'yaxes',
        'legend',
        'reduceOptions',
        'x',
        'y',
        'w',
        'h',
        '__proto__',
      ),
      fc.oneof(
        tie('value'),
        fc.constantFrom(
          'graph',
          'singlestat',
          'stat',
          'row',
          'table',
          'heatmap',
          'text',
          'logs',
          'timeseries',
          1,
          -1e9,
          1e99,
        ),
      ),
      { maxKeys: 8 },
    ),
  }));
  const file = fc.record(
    {
      panels: fc.array(parts.panel, { maxLength: 6 }),
      title: fc.jsonValue(),
      uid: fc.jsonValue(),
      time: fc.jsonValue(),
      refresh: fc.jsonValue(),
      templating: fc.record({
        list: fc.array(
          fc.dictionary(fc.constantFrom('name', 'type', 'query', 'current', 'regex', 'sort'), fc.jsonValue()),
          { maxLength: 3 },
        ),
      }),
      annotations: fc.oneof(fc.jsonValue(), fc.record({ list: fc.array(fc.jsonValue(), { maxLength: 3 }) })),
      __elements: fc.jsonValue(),
      __inputs: fc.jsonValue(),
      elements: fc.jsonValue(),
      layout: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );

  test('importing never throws, and what is taken is valid and can be exported', () => {
    fc.assert(
      fc.property(file, (value) => {
        const read = importDashboard(JSON.stringify(value));
        if (!read.ok) {
          expect(read.error.code).toMatch(/^DASHBOARD_/);
          return;
        }
        expect(dashboardSchema.parse(read.value.dashboard)).toEqual(read.value.dashboard);
        expect(exportDashboard(read.value.dashboard, 'grafana', 'zh').text).toContain('{');
      }),
      { numRuns: 400 },
    );
  });

  test('any text is read or refused with its place, as JSON.parse would', () => {
    const mutated = fc
      .tuple(fc.jsonValue(), fc.nat(), fc.string({ maxLength: 2 }))
      .map(([value, at, insert]) => {
        const text = JSON.stringify(value);
        const cut = at % (text.length + 1);
        return text.slice(0, cut) + insert + text.slice(cut);
      });
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), mutated), (text) => {
        const mine = readJson(text);
        let theirs: unknown;
        let isJson = true;
        try {
          theirs = JSON.parse(text);
        } catch {
          isJson = false;
        }
        expect(mine.ok).toBe(isJson);
        if (mine.ok) expect(mine.value).toEqual(theirs);
      }),
      { numRuns: 1_000 },
    );
  });

  test('a path is found at the value that it leads to', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 })), { minLength: 1 }),
        fc.nat(),
        (list, pick) => {
          const index = pick % list.length;
          const text = JSON.stringify(list, null, 1);
          const { line, column } = placeOf(text, [index]);
          const rest = text
            .split('\n')
            .slice(line - 1)
            .join('\n')
            .slice(column - 1);
          expect(rest.startsWith('{')).toBe(true);
          const before = text.slice(0, text.length - rest.length);
          const parsed = JSON.parse(`${before.replace(/,?\s*$/, '')}]`) as unknown[];
          expect(parsed.length).toBe(index);
        },
      ),
    );
  });
});

test('every value has a text in every unit', () => {
  const unit = fc.oneof(
    fc.constantFrom(
      '',
      'bytes',
      's',
      'ms',
      'percentunit',
      'reqps',
      'short',
      'dtdurations',
      'dateTimeAsIso',
      'hex',
      'bool',
      'si:Hz',
      'suffix:x',
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.double(), unit, fc.option(fc.nat(15)), (value, id, decimals) => {
      expect(displayValue(value, id, decimals).number).not.toBe('');
    }),
  );
});
