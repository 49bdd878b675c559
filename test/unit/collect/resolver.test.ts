import type { LookupAddress } from 'node:dns';
import { expect, test } from 'vitest';
import { type AskSystem, createResolver } from '../../../main/engine/platform/http/resolver.ts';
import { fakeTime } from '../../helpers/fake-time.ts';

type Asked = { readonly name: string; readonly done: Parameters<AskSystem>[1] };

function setUp() {
  const time = fakeTime(0);
  const asked: Asked[] = [];
  const lookup = createResolver(time.clock, (name, done) => {
    asked.push({ name, done });
  });
  /** Looks a name up; the answer is null until it comes. */
  const ask = (name: string): { answer: LookupAddress[] | string | null } => {
    const result: { answer: LookupAddress[] | string | null } = { answer: null };
    lookup(name, { all: true }, (error, addresses) => {
      result.answer = error ? (error.code ?? 'error') : (addresses as LookupAddress[]);
    });
    return result;
  };
  return { time, asked, ask };
}

const good = { addresses: [{ address: '10.0.0.1', family: 4 }] };
const failed = { error: Object.assign(new Error('no'), { code: 'ENOTFOUND' }) };

test('a name is asked once for all who wait, and remembered for a while', async () => {
  const { time, asked, ask } = setUp();
  const [first, second] = [ask('a'), ask('a')];
  expect(asked).toHaveLength(1);
  asked[0]?.done(good);
  expect(first.answer).toEqual(good.addresses);
  expect(second.answer).toEqual(good.addresses);
  const third = ask('a');
  await Promise.resolve();
  expect(third.answer).toEqual(good.addresses);
  expect(asked).toHaveLength(1);
  time.advance(61_000);
  ask('a');
  expect(asked).toHaveLength(2);
});

test('a dead name server holds two threads at most, and names wait in order', () => {
  const { asked, ask } = setUp();
  for (const name of ['a', 'b', 'c', 'd']) ask(name);
  expect(asked.map(({ name }) => name)).toEqual(['a', 'b']);
  asked[1]?.done(failed);
  expect(asked.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
});

test('when the name server has stopped answering, the last known address is used', () => {
  const { time, asked, ask } = setUp();
  ask('a');
  asked[0]?.done(good);
  time.advance(3_600_000);
  const later = ask('a');
  asked[1]?.done(failed);
  expect(later.answer).toEqual(good.addresses);
  const unknown = ask('b');
  asked[2]?.done(failed);
  expect(unknown.answer).toBe('ENOTFOUND');
});

test('a failure is asked anew soon', async () => {
  const { time, asked, ask } = setUp();
  ask('a');
  asked[0]?.done(failed);
  ask('a');
  expect(asked).toHaveLength(1);
  time.advance(11_000);
  ask('a');
  expect(asked).toHaveLength(2);
});
