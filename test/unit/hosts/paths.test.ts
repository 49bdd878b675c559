import { expect, test } from 'vitest';
import { judgeSilence, type Silence } from '../../../main/engine/hosts/paths.ts';

const START = 1_700_000_000_000;

/** A host that was up and failed once, half a second ago; its switch was asked before that. */
const silence = (more: Partial<Silence> = {}): Silence => ({
  own: 'down',
  before: { state: 'up', since: START - 3_600_000 },
  failingSince: START,
  failedAt: START,
  noticedAt: START + 500,
  cutSince: null,
  clearedAt: null,
  wayAskedAt: START - 10_000,
  ...more,
});

test('without anything on its way a silent host is down at once', () => {
  expect(judgeSilence(silence({ wayAskedAt: null }))).toEqual({
    kind: 'state',
    state: 'down',
    behind: false,
  });
});

test('it is not called down before its switch was asked', () => {
  expect(judgeSilence(silence())).toEqual({ kind: 'wait' });
  expect(judgeSilence(silence({ wayAskedAt: START + 499 }))).toEqual({ kind: 'wait' });
  expect(judgeSilence(silence({ wayAskedAt: START + 500 }))).toMatchObject({ state: 'down' });
});

test('nothing waits for ever for an answer about the way', () => {
  expect(judgeSilence(silence({ failedAt: START + 59_999 }))).toEqual({ kind: 'wait' });
  expect(judgeSilence(silence({ failedAt: START + 60_000 }))).toMatchObject({ state: 'down' });
});

test('behind a dead switch it is unreachable, also when it was called down moments before', () => {
  const behind = { kind: 'state', state: 'unreachable', behind: true };
  expect(judgeSilence(silence({ cutSince: START }))).toEqual(behind);
  const before = { state: 'down' as const, since: START - 60_000 };
  expect(judgeSilence(silence({ before, cutSince: START }))).toEqual(behind);
});

test('one that was down long before its switch stays down', () => {
  const before = { state: 'down' as const, since: START - 60_001 };
  expect(judgeSilence(silence({ before, cutSince: START }))).toEqual({
    kind: 'state',
    state: 'down',
    behind: false,
  });
});

test('when the switch lives again, old failures say nothing', () => {
  const before = { state: 'unreachable' as const, since: START };
  const clearedAt = START + 100_000;
  const wayAskedAt = clearedAt;
  expect(judgeSilence(silence({ before, clearedAt, wayAskedAt, failedAt: clearedAt - 1 }))).toEqual({
    kind: 'wait',
  });
  expect(judgeSilence(silence({ before, clearedAt, wayAskedAt, failedAt: clearedAt }))).toMatchObject({
    state: 'down',
    behind: false,
  });
});

test('a host that the network itself calls unreachable stays so', () => {
  expect(judgeSilence(silence({ own: 'unreachable', wayAskedAt: null }))).toMatchObject({
    state: 'unreachable',
    behind: false,
  });
});
