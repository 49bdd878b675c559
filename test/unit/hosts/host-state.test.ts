import { describe, expect, test } from 'vitest';
import type { Host } from '#shared/contract/hosts.ts';
import { appError } from '#shared/errors/index.ts';
import { planHostState, verdictOf, worstFirst } from '../../../main/engine/hosts/host-state.ts';
import { lastSeen, planBlind, planNextState } from '../../../main/engine/hosts/state-spans.ts';

describe('the state of a host', () => {
  test.each([
    [[], 'not_watched'],
    [['unknown'], 'not_watched'],
    [['up'], 'up'],
    [['up', 'down', 'unknown'], 'up'],
    [['down', 'unknown'], 'not_watched'],
    [['down', 'down'], 'down'],
    [['down', 'unreachable'], 'down'],
    [['unreachable', 'unreachable'], 'unreachable'],
  ] as const)('%j is %s', (verdicts, state) => {
    expect(planHostState(verdicts)).toBe(state);
  });

  test('a missing path or name is unreachable; refusing, slow or wrong answers are down', () => {
    expect(verdictOf(null)).toBe('up');
    expect(verdictOf(appError('SCRAPE_NO_ROUTE'))).toBe('unreachable');
    expect(verdictOf(appError('SCRAPE_NAME_UNKNOWN'))).toBe('unreachable');
    expect(verdictOf(appError('SCRAPE_NAME_TIMEOUT'))).toBe('unreachable');
    for (const code of ['SCRAPE_REFUSED', 'SCRAPE_CONNECT_TIMEOUT', 'SCRAPE_TIMEOUT', 'SCRAPE_HTML'] as const)
      expect(verdictOf(appError(code))).toBe('down');
    expect(verdictOf(appError('EXPOSITION_INVALID'))).toBe('down');
  });

  test('a full disk of the console is not the fault of the host', () => {
    expect(verdictOf(appError('DISK_FULL'))).toBe('up');
  });
});

test('hosts are listed worst first', () => {
  const host = (name: string, state: Host['state'], targets = 1, targetsUp = 1): Host => ({
    id: name,
    name,
    address: name,
    tier: 'other',
    labels: {},
    thisWorkstation: false,
    state,
    stateSince: 0,
    targets,
    targetsUp,
    lastSeenAt: null,
    lastError: null,
  });
  const hosts = [
    host('b', 'up'),
    host('a', 'up'),
    host('partly', 'up', 2, 1),
    host('dark', 'not_watched'),
    host('gone', 'unreachable'),
    host('dead', 'down'),
  ];
  expect(worstFirst(hosts).map(({ name }) => name)).toEqual(['dead', 'gone', 'dark', 'partly', 'a', 'b']);
});

describe('history', () => {
  const up = { state: 'up', from: 100, to: null } as const;

  test('the same state goes on, another one closes it', () => {
    expect(planNextState([up], 'up', 150)).toEqual([up]);
    expect(planNextState([up], 'down', 150)).toEqual([
      { state: 'up', from: 100, to: 150 },
      { state: 'down', from: 150, to: null },
    ]);
  });

  test('time in which nobody watched stays dark until the host is seen again', () => {
    expect(planBlind([up], { from: 200, to: 300 }, null)).toEqual([
      { state: 'up', from: 100, to: 200 },
      { state: 'not_watched', from: 200, to: null },
    ]);
    expect(planBlind([up], { from: 200, to: 300 }, 310)).toEqual([
      { state: 'up', from: 100, to: 200 },
      { state: 'not_watched', from: 200, to: 310 },
      { state: 'up', from: 310, to: null },
    ]);
  });

  test('a gap before the host existed changes nothing', () => {
    expect(planBlind([up], { from: 10, to: 90 }, null)).toEqual([up]);
    expect(planBlind([], { from: 10, to: 90 }, null)).toEqual([]);
  });

  test('a gap over several spans leaves what lies outside it', () => {
    const spans = [
      { state: 'up', from: 0, to: 100 },
      { state: 'down', from: 100, to: 200 },
      { state: 'up', from: 200, to: 300 },
      { state: 'down', from: 300, to: null },
    ] as const;
    expect(planBlind(spans, { from: 50, to: 250 }, null)).toEqual([
      { state: 'up', from: 0, to: 50 },
      { state: 'not_watched', from: 50, to: 250 },
      { state: 'up', from: 250, to: 300 },
      { state: 'down', from: 300, to: null },
    ]);
  });
});

test('what was last seen of a host reaches back over times in which nobody watched, and over nothing else', () => {
  const span = (state: Host['state'], from: number, to: number | null) => ({ state, from, to });
  expect(lastSeen([])).toBeNull();
  expect(lastSeen([span('not_watched', 1, null)])).toBeNull();
  const spans = [span('up', 1, 2), span('down', 2, 3), span('not_watched', 3, 4)];
  expect(lastSeen(spans)).toMatchObject({ state: 'down', from: 2 });
  expect(lastSeen([...spans, span('down', 4, null)])).toMatchObject({ state: 'down', from: 2 });
  expect(lastSeen([...spans, span('up', 4, 5), span('down', 5, null)])).toMatchObject({ from: 5 });
});
