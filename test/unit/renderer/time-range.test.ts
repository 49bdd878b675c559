import { describe, expect, it } from 'vitest';
import { parseRange } from '../../../renderer/components/use-time-range.ts';

const now = 1_800_000_000_000;
const read = (search: string) => parseRange(new URLSearchParams(search), now);

describe('the time range of an address', () => {
  it('is the last hour, live, when nothing is said', () => {
    expect(read('')).toMatchObject({ start: now - 3_600_000, end: now, name: '1h', live: true });
  });

  it('takes a name, and may be paused', () => {
    expect(read('range=7d&live=0')).toMatchObject({ name: '7d', live: false, start: now - 604_800_000 });
  });

  it('takes a span, which is never live', () => {
    expect(read('from=1000&to=2000')).toMatchObject({ start: 1000, end: 2000, name: null, live: false });
  });

  it.each(['from=5&to=4', 'from=x&to=9', 'range=1y', 'from=0&to=1'])(
    'ignores what is not one: %s',
    (search) => {
      expect(read(search)).toMatchObject({ name: '1h', live: true });
    },
  );

  it('asks again rarely for long ranges', () => {
    expect(read('range=15m').refreshMs).toBe(5_000);
    expect(read('range=30d').refreshMs).toBe(300_000);
  });
});
