import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LEVEL_CODE } from '../../../main/engine/logs/model.ts';
import { createParser } from '../../../main/engine/logs/parse/parser.ts';
import { compileQuery } from '../../../main/engine/logs/search/compile.ts';
import { lineMatches } from '../../../main/engine/logs/search/events.ts';

const page = readFileSync(new URL('../../../docs/log-search.md', import.meta.url), 'utf8');

/** The cells of the rows that have so many columns and begin with a query. */
function rows(columns: number): readonly (readonly string[])[] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll('\\|', '|')),
    )
    .filter((cells) => cells.length === columns);
}

const code = (cell: string | undefined): string => (cell ?? '').replace(/^`|`$/g, '');

function finds(query: string, line: string): boolean {
  const spec = line.startsWith('{') ? 'json' : 'plain';
  const format = { spec, zone: 'UTC' };
  const parser = createParser(format);
  const node = compileQuery(query);
  if (!parser.ok || !node.ok) throw new Error(`${query}: cannot be parsed`);
  const level = LEVEL_CODE[parser.value.parse(line, 0)?.level ?? 'unknown'];
  const stored = {
    offset: 0,
    end: 1,
    time: 0,
    level,
    flags: 0,
    stream: '',
    changes: null,
    raw: Buffer.from(line),
  };
  const origin = {
    day: '',
    fileKey: '',
    path: '',
    sourceId: '',
    sourceName: '',
    host: '',
    stream: '',
    format,
  };
  return lineMatches(node.value, stored, origin, parser.value);
}

describe('docs/log-search.md', () => {
  it('says of each way of writing what it finds and what it does not', () => {
    const table = rows(4);
    expect(table.length).toBeGreaterThan(20);
    for (const [query, , found, not] of table) {
      expect(finds(code(query), code(found)), `${query} finds ${found}`).toBe(true);
      expect(finds(code(query), code(not)), `${query} does not find ${not}`).toBe(false);
    }
  });

  it('names fields that there are', () => {
    for (const [query] of rows(2)) expect(compileQuery(code(query)).ok, query).toBe(true);
  });
});
