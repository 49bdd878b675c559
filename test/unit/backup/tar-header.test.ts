import { describe, expect, it } from 'vitest';
import { padding, type TarMember, tarHeaders } from '../../../main/engine/backup/tar-header.ts';

const member = (extra: Partial<TarMember> = {}): TarMember => ({
  path: 'usr/x',
  type: '0',
  size: 5,
  mode: 0o100644,
  uid: 0,
  gid: 0,
  user: 'root',
  group: 'root',
  mtimeNs: 1_700_000_000_000_000_000n,
  ...extra,
});

/** The records of the pax header in front, or null when there is none. */
function paxRecords(headers: Buffer): Record<string, string> | null {
  if (String.fromCharCode(headers[156] ?? 0) !== 'x') return null;
  const size = Number.parseInt(headers.toString('latin1', 124, 135), 8);
  let body = headers.subarray(512, 512 + size);
  const records: Record<string, string> = {};
  while (body.length > 0) {
    const length = Number.parseInt(body.toString('latin1'), 10);
    const record = body.toString('utf8', 0, length);
    expect(record.endsWith('\n')).toBe(true);
    const [, key, value] = /^\d+ ([^=]+)=([\s\S]*)\n$/.exec(record) ?? [];
    records[key ?? ''] = value ?? '';
    body = body.subarray(length);
  }
  return records;
}

describe('tar headers', () => {
  it('are one ustar block when everything fits', () => {
    const headers = tarHeaders(member());
    expect(headers.length).toBe(512);
    expect(headers.toString('latin1', 257, 265)).toBe('ustar\x0000');
    expect(headers.toString('latin1', 0, 5)).toBe('usr/x');
    expect(headers.toString('latin1', 100, 107)).toBe('0000644');
    expect(headers.toString('latin1', 136, 147)).toBe((1_700_000_000).toString(8).padStart(11, '0'));
  });

  it('have a right checksum', () => {
    const headers = tarHeaders(member({ path: 'ä/'.repeat(80) }));
    for (let at = 0; at < headers.length; at += 512) {
      const block = Buffer.from(headers.subarray(at, at + 512));
      if (block.toString('latin1', 257, 262) !== 'ustar') continue;
      const said = Number.parseInt(block.toString('latin1', 148, 154), 8);
      block.fill(0x20, 148, 156);
      expect(block.reduce((sum, byte) => sum + byte, 0)).toBe(said);
    }
  });

  it.each([
    ['a fraction of a second', { mtimeNs: 1_500_000_001n }, { mtime: '1.500000001' }],
    ['trailing zeros of a fraction', { mtimeNs: 1_500_000_000n }, { mtime: '1.5' }],
    ['a time before 1970', { mtimeNs: -12_250_000_000n }, { mtime: '-12.25' }],
    ['a whole time before 1970', { mtimeNs: -10_000_000_000n }, { mtime: '-10' }],
    ['a size of 8 GiB', { size: 2 ** 33 }, { size: '8589934592' }],
    ['large ids', { uid: 2 ** 21, gid: 2 ** 31 }, { uid: '2097152', gid: '2147483648' }],
    ['a long owner name', { user: 'u'.repeat(40) }, { uname: 'u'.repeat(40) }],
    ['a name that is not ASCII', { path: '数据/日志' }, { path: '数据/日志' }],
    ['a long link', { type: '2' as const, link: 'l'.repeat(101) }, { linkpath: 'l'.repeat(101) }],
  ])('keep %s in a pax record', (_name, extra, records) => {
    expect(paxRecords(tarHeaders(member(extra)))).toEqual(records);
  });

  it('split a long name at a slash where ustar can hold it', () => {
    const path = `${'p'.repeat(120)}/${'n'.repeat(90)}`;
    const headers = tarHeaders(member({ path }));
    expect(headers.length).toBe(512);
    expect(headers.toString('latin1', 0, 90)).toBe('n'.repeat(90));
    expect(headers.toString('latin1', 345, 465)).toBe('p'.repeat(120));
  });

  it('count a record whose own length grows by a digit', () => {
    // 98 bytes of record would make the length "98", 99 or more "100": the classic place to be off by one.
    for (let length = 80; length < 120; length += 1)
      expect(paxRecords(tarHeaders(member({ path: 'ü'.repeat(length) })))).toEqual({
        path: 'ü'.repeat(length),
      });
  });

  it('keep names that are not UTF-8 as the bytes they are', () => {
    const headers = tarHeaders(member({ path: 'a\udcff' }));
    expect(headers.includes(Buffer.from([...Buffer.from('path=a'), 0xff, 0x0a]))).toBe(true);
  });

  it('pad to blocks', () => {
    expect([0, 1, 511, 512, 513].map(padding)).toEqual([0, 511, 1, 0, 511]);
  });
});
