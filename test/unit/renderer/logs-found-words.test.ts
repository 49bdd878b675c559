import { expect, test } from 'vitest';
import { foundWords, pieces } from '../../../renderer/pages/logs/found-words.ts';
import { fieldsBeside } from '../../../renderer/pages/logs/line-text.ts';

function marked(query: string, text: string): readonly string[] {
  const found = foundWords(query);
  return found === null ? [] : pieces(text, found).flatMap((piece) => (piece.isFound ? [piece.text] : []));
}

test.each([
  ['refused', 'Connection REFUSED by db-7, it refuses', ['REFUSED']],
  ['"refused by db"', 'was refused  by db-7', ['refused  by db']],
  ['超时 level:error', '连接数据库超时，再次超时', ['超时', '超时']],
  ['conn*', 'connection lost, disconnected', ['conn']],
  ['*nect*', 'disconnected', ['nect']],
  ['(a OR b) NOT c', 'a b c', ['a', 'b']],
  ['-lost', 'connection lost', []],
  ['"[1.2]"', 'part [1.2] of [132]', ['[1.2]']],
  ['/(a+)+$/', 'aaaa', []],
  ['host:app-1', 'app-1', []],
  ['', 'anything', []],
  ['"open', 'open', []],
])('%s marks in %s', (query, text, expected) => {
  expect(marked(query, text)).toEqual(expected);
});

test('the pieces are the whole text', () => {
  const text = 'db lost, db back';
  const found = foundWords('db');
  expect(found && pieces(text, found).map((piece) => piece.text)).toEqual(['db', ' lost, ', 'db', ' back']);
});

test('beside a message stand the fields that it does not tell already', () => {
  const fields = { order: 'SO-7', ms: '12', trace: 'a\nb', empty: '' };
  expect(fieldsBeside('order SO-7 saved', fields)).toBe('ms=12 trace=a ⏎ b');
  expect(fieldsBeside('x', { long: 'y'.repeat(900) })).toHaveLength(401);
});
