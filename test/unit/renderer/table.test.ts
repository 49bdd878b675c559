import { describe, expect, it } from 'vitest';
import { type Column, sortRows } from '../../../renderer/components/data-table.tsx';
import { labelledName } from '../../../renderer/components/save-text.ts';
import { csvField, toCsv, toText } from '../../../renderer/components/table-text.ts';

describe('CSV', () => {
  it('quotes by RFC 4180', () => {
    expect(csvField('a,b')).toBe('"a,b"');
    expect(csvField('say "x"')).toBe('"say ""x"""');
    expect(csvField('two\nlines')).toBe('"two\nlines"');
    expect(csvField('plain')).toBe('plain');
  });

  it('defuses what a spreadsheet would run, and leaves numbers alone', () => {
    expect(csvField('=HYPERLINK("http://x")')).toBe('"\'=HYPERLINK(""http://x"")"');
    expect(csvField('@cmd')).toBe("'@cmd");
    expect(csvField('-12.5')).toBe('-12.5');
    expect(csvField('+3')).toBe('+3');
  });

  it('begins with a byte-order mark and ends every line', () => {
    const text = toCsv([{ title: '名称', text: (row: string) => row }], ['数据库']);
    expect(text).toBe('\uFEFF名称\r\n数据库\r\n');
  });
});

describe('copied text', () => {
  it('keeps one row a line whatever the cells hold', () => {
    expect(toText([{ title: 'a', text: (row: string) => row }], ['x\ty\nz'])).toBe('a\nx y z');
  });
});

describe('sorting', () => {
  type Row = { readonly name: string; readonly size: number };
  const rows: readonly Row[] = [
    { name: 'host-10', size: 2 },
    { name: 'host-9', size: 10 },
  ];
  const column = (sortBy: (row: Row) => number | string): Column<Row> => ({
    id: 'x',
    title: 'x',
    text: (row) => row.name,
    sortBy,
    width: 10,
  });

  it('orders numbers by value and names as people count', () => {
    expect(
      sortRows(
        rows,
        column((row) => row.size),
        true,
      )[0]?.size,
    ).toBe(10);
    expect(
      sortRows(
        rows,
        column((row) => row.name),
        false,
      )[0]?.name,
    ).toBe('host-9');
  });

  it('leaves the order alone without a column to sort by', () => {
    expect(sortRows(rows, undefined, false)).toBe(rows);
  });
});

describe('the name of an exported file', () => {
  it('carries the classification label, as far as a file name can', () => {
    expect(labelledName('hosts.csv', '内部')).toBe('hosts-内部.csv');
    expect(labelledName('hosts.csv', ' a/b ')).toBe('hosts-a_b.csv');
    expect(labelledName('hosts.csv', ' ')).toBe('hosts.csv');
    expect(labelledName('report', 'secret')).toBe('report-secret');
  });
});
