import { describe, expect, test } from 'vitest';
import { dashboardSchema } from '#shared/domain/dashboard/model.ts';
import { appError, err, ok } from '#shared/errors/index.ts';
import { call, code, dashboard, made, NOON, value } from '../../helpers/dashboards-area.ts';

const HOUR = 3_600_000;

/** The area over a real console.db: versions, conflicts, marks and variables. */

describe('versions', () => {
  test('every save is one, the newest are kept, and any of them can be brought back', async () => {
    const { area } = made();
    for (let i = 0; i < 5; i++) {
      const saved = await call(area, 'dashboards.save', {
        dashboard: dashboard('a', `t${i}`),
        base: i,
        message: `m${i}`,
      });
      expect(value(saved).version).toBe(i + 1);
    }
    const { versions } = value(await call(area, 'dashboards.versions', { uid: 'a' }));
    expect(versions.map(({ version, message }) => [version, message])).toEqual([
      [5, 'm4'],
      [4, 'm3'],
      [3, 'm2'],
    ]);
    expect(value(await call(area, 'dashboards.get', { uid: 'a', version: 3 })).dashboard.title).toBe('t2');
    value(await call(area, 'dashboards.restore', { uid: 'a', version: 3 }));
    const { dashboard: now, summary } = value(await call(area, 'dashboards.get', { uid: 'a' }));
    expect([now.title, summary.version]).toEqual(['t2', 6]);
    expect(code(await call(area, 'dashboards.get', { uid: 'a', version: 1 }))).toBe('NOT_FOUND');
  });

  test('two who change the same version: the second is refused and nothing is lost', async () => {
    const { area } = made();
    value(await call(area, 'dashboards.save', { dashboard: dashboard('a', 'first'), base: 0, message: '' }));
    value(await call(area, 'dashboards.save', { dashboard: dashboard('a', 'second'), base: 1, message: '' }));
    expect(
      code(await call(area, 'dashboards.save', { dashboard: dashboard('a', 'third'), base: 1, message: '' })),
    ).toBe('DASHBOARD_CHANGED');
    expect(
      code(await call(area, 'dashboards.save', { dashboard: dashboard('a', 'new'), base: 0, message: '' })),
    ).toBe('DASHBOARD_CHANGED');
    expect(
      code(await call(area, 'dashboards.save', { dashboard: dashboard('b'), base: 3, message: '' })),
    ).toBe('NOT_FOUND');
    expect(value(await call(area, 'dashboards.get', { uid: 'a' })).dashboard.title).toBe('second');
  });

  test('a removed dashboard can be brought back, the last removed ones', async () => {
    const { area } = made();
    for (const uid of ['a', 'b', 'c']) {
      value(await call(area, 'dashboards.save', { dashboard: dashboard(uid), base: 0, message: '' }));
      value(await call(area, 'dashboards.remove', { uid }));
    }
    expect(
      value(await call(area, 'dashboards.list', {})).dashboards.filter(({ builtIn }) => !builtIn),
    ).toEqual([]);
    expect(code(await call(area, 'dashboards.get', { uid: 'c' }))).toBe('NOT_FOUND');
    expect(value(await call(area, 'dashboards.removed', {})).dashboards).toHaveLength(2);
    value(await call(area, 'dashboards.restore', { uid: 'c', version: 1 }));
    expect(value(await call(area, 'dashboards.get', { uid: 'c' })).summary.version).toBe(3);
  });

  test('there is a bound', async () => {
    const { area } = made();
    for (const uid of ['a', 'b', 'c', 'd', 'e'])
      value(await call(area, 'dashboards.save', { dashboard: dashboard(uid), base: 0, message: '' }));
    expect(
      code(await call(area, 'dashboards.save', { dashboard: dashboard('f'), base: 0, message: '' })),
    ).toBe('DASHBOARDS_FULL');
  });

  test('built-in dashboards are copied, never changed', async () => {
    const { area } = made();
    expect(
      code(await call(area, 'dashboards.save', { dashboard: dashboard('hmtt-host'), base: 0, message: '' })),
    ).toBe('DASHBOARD_BUILT_IN');
    expect(code(await call(area, 'dashboards.remove', { uid: 'hmtt-host' }))).toBe('DASHBOARD_BUILT_IN');
    const copy = value(await call(area, 'dashboards.copy', { uid: 'hmtt-host' }));
    expect(copy).toMatchObject({ uid: 'hmtt-host-copy', builtIn: false, version: 1 });
    expect(value(await call(area, 'dashboards.copy', { uid: 'hmtt-host' })).uid).not.toBe(copy.uid);
    const text = JSON.stringify(dashboard('hmtt-host', 'mine'));
    expect(code(await call(area, 'dashboards.import', { text, dryRun: false, onTaken: 'refuse' }))).toBe(
      'DASHBOARD_TAKEN',
    );
    const beside = value(await call(area, 'dashboards.import', { text, dryRun: false, onTaken: 'version' }));
    expect(beside.saved?.uid).toMatch(/^hmtt-host-[0-9a-f]{8}$/);
  });
});

test('panels that lie over each other are put apart when they are saved', async () => {
  const { area } = made();
  const { rows, ...rest } = dashboard('a');
  const panel = rows[0]?.panels[0];
  if (panel === undefined) throw new Error('no panel');
  const over = {
    ...rest,
    rows: [{ title: '', folded: false, repeat: null, panels: [panel, { ...panel, id: 2 }] }],
  };
  value(await call(area, 'dashboards.save', { dashboard: over, base: 0, message: '' }));
  const saved = value(await call(area, 'dashboards.get', { uid: 'a' })).dashboard;
  expect(saved.rows[0]?.panels.map(({ place }) => place.y)).toEqual([0, 2]);
});

test('marks stand beside what the other areas know, in order of time', async () => {
  const alert = {
    kind: 'alert' as const,
    id: null,
    at: NOON - 5,
    until: null,
    open: true,
    state: 'critical' as const,
    title: { zh: 'x', en: 'x' },
    text: { zh: '', en: '' },
    tags: [],
    link: '',
  };
  const { area } = made({ sources: { annotations: async () => [alert] } });
  const mark = { kind: 'deployment' as const, until: null, tags: ['app'] };
  value(await call(area, 'dashboards.mark', { ...mark, text: 'v2' }));
  const { id } = value(await call(area, 'dashboards.mark', { ...mark, text: 'v1', at: NOON - 10 }));
  const list = async () =>
    value(
      await call(area, 'dashboards.annotations', { start: NOON - 100, end: NOON + 100, kinds: [], limit: 2 }),
    );
  expect(await list()).toMatchObject({
    annotations: [{ kind: 'alert' }, { title: { en: 'v2' } }],
    omitted: 1,
  });
  value(await call(area, 'dashboards.unmark', { id }));
  expect((await list()).omitted).toBe(0);
  expect(code(await call(area, 'dashboards.mark', { ...mark, text: 'x', at: 10, until: 5 }))).toBe(
    'BAD_INPUT',
  );
});

describe('variables', () => {
  const variables = [
    {
      kind: 'query',
      name: 'job',
      source: { of: 'labelValues', label: 'job' },
      includeAll: true,
      multi: true,
    },
    {
      kind: 'query',
      name: 'host',
      source: { of: 'labelValues', label: 'instance', selector: 'up{job=~"$job"}' },
      regex: '/(.*):.*/',
      sort: 'natural',
    },
    { kind: 'query', name: 'bad', source: { of: 'labelValues', label: 'x', selector: 'broken' } },
    { kind: 'interval', name: 'step', choices: ['1m', '5m'], auto: {} },
  ].map((each) => dashboardSchema.shape.variables.unwrap().element.parse(each));

  test('one may use those before it, and one that fails says so alone', async () => {
    const asked: string[] = [];
    const { area } = made({
      sources: {
        labelValues: async (label, selector) => {
          asked.push(selector);
          if (label === 'x') return err(appError('PROMQL_INVALID', { column: 1, why: 'x' }));
          return ok(label === 'job' ? ['node', 'a.b'] : ['app-10:1', 'app-9:1', 'app-9:2', 'noport']);
        },
      },
    });
    const found = value(
      await call(area, 'dashboards.variables', {
        variables,
        chosen: { host: ['app-10'], step: ['nonsense'] },
        start: NOON - HOUR,
        end: NOON,
      }),
    );
    expect(asked).toEqual(['', 'up{job=~"(node|a\\\\.b)"}', 'broken']);
    expect(
      found.variables.map(({ name, chosen, options, error }) => [
        name,
        chosen,
        options.map((each) => each.value),
        error?.code,
      ]),
    ).toEqual([
      ['job', ['$__all'], ['node', 'a.b'], undefined],
      ['host', ['app-10'], ['app-9', 'app-10'], undefined],
      ['bad', [], [], 'PROMQL_INVALID'],
      ['step', ['$__auto'], ['$__auto', '1m', '5m'], undefined],
    ]);
  });

  test('a pattern that would take for ever is stopped', async () => {
    const text = `${'a'.repeat(60)}!`;
    const { area } = made({ sources: { labelValues: async () => ok([text]) } });
    const hostile = variables.slice(1, 2).map((each) => ({ ...each, regex: '/^(?=(a+)+$)(a+)+$/' }));
    const began = performance.now();
    const found = value(
      await call(area, 'dashboards.variables', { variables: hostile, chosen: {}, start: 0, end: 1 }),
    );
    expect(found.variables[0]?.error?.code).toBe('BAD_INPUT');
    expect(performance.now() - began).toBeLessThan(15_000);
  });
});
