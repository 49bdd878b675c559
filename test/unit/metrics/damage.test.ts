import { expect, test } from 'vitest';
import { rethrowBugs } from '../../../main/engine/metrics/damage.ts';

const sqlite = (code: string): Error => Object.assign(new Error(code), { code });

test('a bug is not taken for damage, and damage is not taken for a bug', () => {
  for (const bug of [
    new TypeError('x'),
    new ReferenceError('x'),
    sqlite('SQLITE_RANGE'),
    sqlite('SQLITE_ERROR'),
  ])
    expect(() => rethrowBugs(bug)).toThrow(bug);
  for (const damage of [
    'not complete',
    new RangeError('the bytes end too early'),
    sqlite('SQLITE_CORRUPT'),
    sqlite('SQLITE_IOERR_READ'),
  ])
    expect(() => rethrowBugs(damage)).not.toThrow();
});
