import { describe, expect, it, test } from 'vitest';
import type { AlertView } from '#shared/contract/notify-alerts.ts';
import {
  alertPath,
  formatMatchers,
  matches,
  parseMatchers,
} from '../../../renderer/pages/alerts/alert-address.ts';
import {
  arrange,
  parseFilters,
  passes,
  writeFilters,
} from '../../../renderer/pages/alerts/firing/firing-model.ts';
import { firingRows, viewsOf } from '../../../renderer/pages/alerts/firing/firing-rows.ts';

/** An open alert; what is not said is ordinary. */
function view(
  id: string,
  more: Partial<Omit<AlertView, 'problem'>> & {
    severity?: 'critical' | 'warning';
    group?: string;
    since?: number;
  } = {},
): AlertView {
  const { severity = 'critical', group = id, since = 0, ...rest } = more;
  const labels = { alertname: 'Down', severity, host: id, ...rest.labels };
  const text = { zh: id, en: id };
  return {
    problem: {
      id,
      condition: 'host_down',
      severity,
      labels,
      since,
      until: null,
      sentence: text,
      next: text,
      link: '/',
    },
    state: 'told',
    suppressedBy: [],
    acknowledgement: null,
    behind: 0,
    flaps: 0,
    routes: [
      {
        path: [0],
        receiver: 'r',
        groupKey: group,
        groupLabels: { tier: group },
        next: null,
        toldAt: null,
        escalated: 0,
        steps: 0,
      },
    ],
    ...rest,
    labels,
  };
}

const because = (kind: 'dependency' | 'inhibition' | 'silence', ref: string): Partial<AlertView> => ({
  state: 'suppressed',
  suppressedBy: [{ kind, ref, text: { zh: '', en: '' }, link: '/', until: null }],
});

describe('alerts under their causes', () => {
  const hosts = Array.from({ length: 299 }, (_, index) =>
    view(`app-${index}`, because('dependency', 'switch')),
  );

  it('are one cause with all behind it, folded', () => {
    const { groups, quiet } = arrange([...hosts, view('switch')]);
    expect(groups).toHaveLength(1);
    expect(groups[0]?.causes[0]?.view.problem.id).toBe('switch');
    expect(groups[0]?.causes[0]?.behind).toHaveLength(299);
    expect(quiet).toEqual([]);
    const rows = firingRows({ groups, quiet }, [], new Set());
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ kind: 'alert', behind: 299, open: false });
    expect(firingRows({ groups, quiet }, [], new Set(['switch']))).toHaveLength(300);
  });

  it('follow a chain to its beginning, and stand a circle', () => {
    const chain = [view('a'), view('b', because('dependency', 'a')), view('c', because('inhibition', 'b'))];
    expect(arrange(chain).groups[0]?.causes[0]?.behind.map(({ problem }) => problem.id)).toEqual(['b', 'c']);
    const circle = [view('a', because('dependency', 'b')), view('b', because('dependency', 'a'))];
    const shown = arrange(circle);
    const seen = shown.groups.flatMap(({ causes }) => causes.flatMap((one) => [one.view, ...one.behind]));
    expect([...seen, ...shown.quiet]).toHaveLength(2);
  });

  it('stand by themselves when their cause is filtered out', () => {
    const { quiet } = arrange([view('app-1', because('dependency', 'switch'))]);
    expect(quiet.map(({ problem }) => problem.id)).toEqual(['app-1']);
  });
});

test('groups are the router’s, the worst first; what is silenced comes last', () => {
  const firing = arrange([
    view('w1', { severity: 'warning', group: 'web', since: 1 }),
    view('c2', { group: 'db', since: 5 }),
    view('c1', { group: 'db', since: 3 }),
    view('s', because('silence', 'x')),
  ]);
  expect(firing.groups.map(({ key }) => key)).toEqual(['db', 'web']);
  const rows = firingRows(firing, [], new Set());
  expect(rows.map(({ kind, key }) => `${kind} ${key}`)).toEqual([
    'group group db',
    'alert c1',
    'alert c2',
    'alert w1',
    'section quiet',
  ]);
  expect(rows[0] && viewsOf(rows[0]).map(({ problem }) => problem.id)).toEqual(['c1', 'c2']);
  expect(firingRows(firing, [], new Set(['group db'])).map(({ key }) => key)).toEqual([
    'group db',
    'w1',
    'quiet',
  ]);
});

describe('filters', () => {
  it('live in the address, and leave the rest of it alone', () => {
    const params = new URLSearchParams('severity=critical&host=a&labels=tier%3D%22data%22&range=6h');
    const filters = parseFilters(params);
    expect(filters).toEqual({ severity: 'critical', host: 'a', labels: 'tier="data"' });
    expect(writeFilters(params, { severity: null, host: '', labels: '' }).toString()).toBe('range=6h');
  });

  it('narrow by all of what they say', () => {
    const filters = { severity: 'critical', host: '', labels: 'host=~"app-.*"' } as const;
    expect(passes(view('app-1'), filters)).toBe(true);
    expect(passes(view('db-1'), filters)).toBe(false);
    expect(passes(view('app-1', { severity: 'warning' }), filters)).toBe(false);
  });
});

describe('matchers as text', () => {
  it('are read as they are written', () => {
    const matchers = [
      { name: 'host', op: '=~', value: 'app-\\d+' },
      { name: 'note', op: '!=', value: 'a "b", c' },
    ] as const;
    expect(parseMatchers(formatMatchers(matchers))).toEqual(matchers);
    expect(parseMatchers('{tier=data, host="x"}')).toEqual([
      { name: 'tier', op: '=', value: 'data' },
      { name: 'host', op: '=', value: 'x' },
    ]);
    expect(parseMatchers('  ')).toEqual([]);
  });

  test.each(['tier', '="x"', 'tier="data" host="x"', 'tier="data'])('%s is none', (text) => {
    expect(parseMatchers(text)).toBeNull();
  });

  it('match whole values, a missing label as empty, a broken expression nothing', () => {
    expect(matches([{ name: 'host', op: '=~', value: 'app' }], { host: 'app-1' })).toBe(false);
    expect(matches([{ name: 'gone', op: '=', value: '' }], {})).toBe(true);
    expect(matches([{ name: 'host', op: '=~', value: '(' }], { host: '(' })).toBe(false);
    expect(matches([{ name: 'host', op: '!~', value: '(' }], { host: 'x' })).toBe(false);
  });
});

test('the address of an alert survives any id', () => {
  expect(alertPath('disk_full:db-1:/var log', 5)).toBe('/alerts/disk_full%3Adb-1%3A%2Fvar%20log?since=5');
});
