import { expect, test } from 'vitest';
import { madeLate } from '../../../main/engine/platform/made-late.ts';

/** A thing whose making fails so often before it succeeds, and how often it was tried. */
function failing(times: number) {
  let tries = 0;
  const late = madeLate(async () => {
    tries += 1;
    if (tries <= times) throw new Error(`too many open files, try ${tries}`);
    return { try: tries };
  });
  return { late, tries: () => tries };
}

test('nothing is made before the first use, and then once for all uses', async () => {
  const { late, tries } = failing(0);
  expect(await late.made()).toBeNull();
  expect(tries()).toBe(0);
  const [one, other] = await Promise.all([late.get(), late.get()]);
  expect(other).toBe(one);
  expect(await late.get()).toBe(one);
  expect(await late.made()).toBe(one);
  expect(tries()).toBe(1);
});

test('uses that wait for the same failing attempt hear of it, and the next use tries again', async () => {
  const { late, tries } = failing(2);
  const both = await Promise.allSettled([late.get(), late.get()]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(tries()).toBe(1);
  await expect(late.get()).rejects.toThrow('try 2');
  expect(await late.get()).toEqual({ try: 3 });
  expect(await late.get()).toEqual({ try: 3 });
  expect(tries()).toBe(3);
});

test('what could not be made is nothing to close', async () => {
  const { late } = failing(1);
  const use = late.get();
  const made = late.made();
  await expect(use).rejects.toThrow('try 1');
  expect(await made).toBeNull();
  expect(await late.made()).toBeNull();
});
