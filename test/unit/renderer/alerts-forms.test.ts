import { describe, expect, it, test } from 'vitest';
import type { NotifyConfig } from '#shared/contract/notify-config.ts';
import { withReceiver } from '../../../renderer/pages/alerts/routes/receivers-panel.tsx';
import {
  addRoute,
  effectiveRoutes,
  emptyRoute,
  moveRoute,
  removeRoute,
  routeNumber,
} from '../../../renderer/pages/alerts/routes/route-tree.ts';
import { severityOf } from '../../../renderer/pages/alerts/routes/route-words.ts';
import {
  maintenanceDraft,
  whatMaintenanceLacks,
} from '../../../renderer/pages/alerts/silences/maintenance-draft.ts';
import { cronOf, recurrenceOf } from '../../../renderer/pages/alerts/silences/schedule-text.ts';
import {
  draftOf,
  endOf,
  newDraft,
  tellApart,
  whatLacks,
} from '../../../renderer/pages/alerts/silences/silence-draft.ts';

const HOUR = 3_600_000;
const host = { name: 'host', op: '=', value: 'db-1' } as const;

describe('a silence that is written', () => {
  it('says what it lacks, one thing after the other', () => {
    const draft = newDraft([]);
    expect(whatLacks(draft, 'Li', 0)).toBe('matchers');
    expect(whatLacks({ ...draft, matchers: [{ ...host, value: '' }] }, 'Li', 0)).toBe('matchers');
    const named = { ...draft, matchers: [host] };
    expect(whatLacks({ ...named, lengthMs: null, endsAt: 5 }, 'Li', 10)).toBe('end');
    expect(whatLacks(named, ' ', 0)).toBe('who');
    expect(whatLacks(named, 'Li', 0)).toBe('comment');
    expect(whatLacks({ ...named, comment: 'disk' }, 'Li', 0)).toBeNull();
  });

  it('chooses among alerts only by conditions that not every alert without the label satisfies', () => {
    expect(tellApart([])).toBe(false);
    expect(tellApart(maintenanceDraft(null, null, 0).matchers)).toBe(false);
    expect(tellApart([{ ...host, value: '' }, host])).toBe(true);
    expect(tellApart([{ ...host, op: '!=', value: '' }])).toBe(true);
    expect(tellApart([{ ...host, op: '=~', value: '.*' }])).toBe(false);
    expect(tellApart([{ ...host, op: '=~', value: 'app-.*' }])).toBe(true);
  });

  it('lasts from its beginning', () => {
    expect(endOf(newDraft([host]), 1_000)).toBe(1_000 + 2 * HOUR);
    expect(endOf({ ...newDraft([host]), startsAt: 5_000, lengthMs: HOUR }, 1_000)).toBe(5_000 + HOUR);
  });

  it('is made once more as long as it was', () => {
    const silence = {
      id: 's',
      matchers: [host],
      startsAt: HOUR,
      endsAt: 4 * HOUR,
      by: 'Li',
      comment: 'disk',
      createdAt: 0,
      expiredBy: null,
      hides: 0,
    };
    expect(draftOf({ ...silence, state: 'ended' })).toMatchObject({ lengthMs: 3 * HOUR, startsAt: null });
    expect(draftOf({ ...silence, state: 'active' })).toMatchObject({ lengthMs: null, endsAt: 4 * HOUR });
  });
});

describe('a maintenance that is written', () => {
  it('says what it lacks, one thing after the other', () => {
    const draft = maintenanceDraft(null, null, 0);
    expect(whatMaintenanceLacks(draft, '')).toBe('name');
    expect(whatMaintenanceLacks({ ...draft, name: 'UPS' }, '')).toBe('who');
    const named = { ...draft, name: 'UPS', matchers: [host] };
    // As it begins, the form names no host: that would hide whatever is about none.
    expect(whatMaintenanceLacks({ ...draft, name: 'UPS' }, 'Li')).toBe('matchers');
    expect(whatMaintenanceLacks({ ...named, endsAt: named.startsAt }, 'Li')).toBe('time');
    expect(whatMaintenanceLacks(named, 'Li')).toBeNull();
  });
});

describe('how a maintenance recurs', () => {
  test.each(['30 2 * * *', '0 2 * * 0', '5 23 * * 6#1', '*/5 * * * *', '0 2 1 * *'])('%s', (cron) => {
    expect(cronOf(recurrenceOf(cron))).toBe(cron);
  });

  it('is shown by its kind', () => {
    expect(recurrenceOf('30 2 * * *')).toMatchObject({ kind: 'daily', time: '02:30' });
    expect(recurrenceOf('0 2 * * 6#1')).toMatchObject({ kind: 'monthly', weekday: 6, week: 1 });
    expect(recurrenceOf('0 2 1 * *').kind).toBe('cron');
  });

  it('has no expression while its time is none', () => {
    expect(cronOf({ ...recurrenceOf('0 2 * * 0'), time: '25:00' })).toBeNull();
  });
});

const route = (title: string, more: Partial<typeof emptyRoute> = {}) => ({ ...emptyRoute, title, ...more });
const config: NotifyConfig = {
  route: route('root', {
    receiver: 'desk',
    groupWaitMs: 10_000,
    routes: [
      route('first', {
        receiver: 'team',
        escalation: [{ afterMs: 60_000, receiver: 'team' }],
        routes: [route('below')],
      }),
      route('second'),
    ],
  }),
  receivers: [
    { name: 'desk', targets: [], sendResolved: true },
    { name: 'team', targets: [], sendResolved: true },
  ],
  inhibitRules: [],
  timeIntervals: [],
  settings: {
    flapping: { enabled: true, openings: 5, windowMs: HOUR, calmMs: HOUR },
    dependencies: { enabled: true, waitMs: 30_000 },
    historyDays: 400,
    lateAfterMs: HOUR,
  },
};

describe('the tree of routes', () => {
  const titles = (root: typeof config.route): string =>
    effectiveRoutes({ ...config, route: root })
      .map(({ route: one }) => one.title)
      .join(' ');

  it('is shown in the order in which routes are tried, with what they take over', () => {
    const all = effectiveRoutes(config);
    expect(all.map(({ path }) => routeNumber(path))).toEqual(['1.1', '1', '2', '']);
    expect(all[0]).toMatchObject({
      receiver: 'team',
      groupWaitMs: 10_000,
      escalation: [{ afterMs: 60_000 }],
    });
    expect(all[2]).toMatchObject({ receiver: 'desk', escalation: [] });
  });

  it('is changed at a place, and nowhere else', () => {
    expect(titles(moveRoute(config.route, [0], 1))).toBe('second below first root');
    expect(titles(moveRoute(config.route, [1], 1))).toBe(titles(config.route));
    expect(titles(removeRoute(config.route, [0]))).toBe('second root');
    expect(titles(removeRoute(config.route, []))).toBe(titles(config.route));
    expect(titles(addRoute(config.route, [0], route('new')))).toBe('below new first second root');
  });
});

test('routes and escalations follow a receiver to its new name', () => {
  const renamed = withReceiver(config, 'team', { name: 'crew', targets: [], sendResolved: false });
  expect(renamed.receivers.map(({ name }) => name)).toEqual(['desk', 'crew']);
  expect(renamed.route.routes[0]).toMatchObject({ receiver: 'crew', escalation: [{ receiver: 'crew' }] });
});

test.each([
  ['=', 'critical', 'critical'],
  ['=~', '(?i:critical|page|emergency|fatal)', 'critical'],
  ['=~', 'info|none', 'info'],
  ['=~', 'critical|warning', null],
  ['!=', 'critical', null],
  ['=', 'sev1', null],
] as const)('severity%s"%s" means %s', (op, value, severity) => {
  expect(severityOf({ name: 'severity', op, value })).toBe(severity);
});
