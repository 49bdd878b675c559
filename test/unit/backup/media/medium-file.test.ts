import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  formatMedium,
  type MediumIdentity,
  parseMedium,
} from '../../../../main/engine/backup/media/medium-file.ts';

const identity: MediumIdentity = {
  format: 'hmtt-medium',
  version: 1,
  id: '0f0e0d0c-0b0a-4908-8706-050403020100',
  label: 'HMTT-07',
  pool: '异地',
  createdAt: 1_800_000_000_000,
  by: 'root@host',
};

it('a medium is what it says, and nothing else', () => {
  expect(parseMedium(formatMedium(identity))).toEqual(identity);
  // Written on another system, opened in an editor: spaces do not count.
  expect(parseMedium(JSON.stringify(JSON.parse(formatMedium(identity))))).toEqual(identity);
});

it.each([
  ['a changed label', (text: string) => text.replace('HMTT-07', 'HMTT-08')],
  ['a changed id', (text: string) => text.replace('0f0e', '0f0f')],
  ['a missing sum', (text: string) => text.replace(/,\s*"sha256": "[0-9a-f]+"/, '')],
  ['a later version', (text: string) => text.replace('"version": 1', '"version": 2')],
  ['half a file', (text: string) => text.slice(0, 80)],
  ['a huge file', (text: string) => text + ' '.repeat(10_001)],
  ['no text', () => ''],
])('a file with %s is not believed', (_name, change) => {
  expect(parseMedium(change(formatMedium(identity)))).toBeNull();
});

it('no text makes it throw, and no changed byte makes another medium of it', () => {
  const text = formatMedium(identity);
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, char) => {
      const parsed = parseMedium(text.slice(0, at) + char + text.slice(at + 1));
      if (parsed !== null) expect(parsed).toEqual(identity);
    }),
  );
  fc.assert(fc.property(fc.string(), (any) => parseMedium(any) === null));
});
