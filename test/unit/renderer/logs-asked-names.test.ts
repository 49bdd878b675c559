import { describe, expect, it } from 'vitest';
import { askedNames, withName } from '../../../renderer/pages/logs/query/asked-names.ts';

const names = (query: string) => askedNames(query).map(({ kind, name }) => [kind, name]);

describe('names that a query asks for', () => {
  it.each([
    ['levle:error', [['field', 'levle']]],
    [
      '级别:错误 主机:app-1 日志源：orders',
      [
        ['host', 'app-1'],
        ['source', 'orders'],
      ],
    ],
    [
      'took>5 (LEVEL:error OR usr.name:li)',
      [
        ['field', 'took'],
        ['field', 'usr.name'],
      ],
    ],
    ['host:"app one" source:/^a/ host:app-* tag:slow stream:x message:y', [['host', 'app one']]],
    ['NOT levle:error -host:app-9', []],
    ['refused "levle:error" http://db-7/x', []],
    ['host: app-1', []],
  ])('of %j', (query, expected) => {
    expect(names(query)).toEqual(expected);
  });

  it('are replaced where they stand, quoted where they have to be', () => {
    const query = 'a levle:error 主机:ap-1';
    const [field, host] = askedNames(query);
    if (field === undefined || host === undefined) throw new Error('Two names were expected.');
    expect(withName(query, field, 'level')).toBe('a level:error 主机:ap-1');
    expect(withName(query, host, 'app 1')).toBe('a levle:error 主机:"app 1"');
  });
});
