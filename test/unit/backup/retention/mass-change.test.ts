import { describe, expect, it } from 'vitest';
import type { ChangeStats } from '#shared/contract/backup-retention.ts';
import { judgeChanges } from '../../../../main/engine/backup/retention/mass-change.ts';

const usual: ChangeStats = {
  before: 1000,
  added: 5,
  changed: 20,
  gone: 3,
  changedBytes: 1e6,
  renamed: 0,
  ending: null,
  storedRatio: 0.4,
};
const history = Array.from({ length: 10 }, (_, index) => ({
  ...usual,
  changed: 15 + index,
  gone: index % 4,
}));
const kinds = (change: Partial<ChangeStats>, past: readonly ChangeStats[] = history) =>
  judgeChanges({ ...usual, ...change }, past).map(({ kind }) => kind);

describe('a mass change', () => {
  it('is none on a usual day, on a busy one, and when few files change in a small plan', () => {
    expect(kinds({})).toEqual([]);
    expect(kinds({ changed: 250, gone: 100 })).toEqual([]);
    expect(kinds({ before: 10, changed: 10, gone: 9 })).toEqual([]);
  });

  it('is seen in what changed, what is gone, what got another ending, and what no longer compresses', () => {
    expect(kinds({ changed: 400 })).toEqual(['changed']);
    expect(kinds({ gone: 300 })).toEqual(['gone']);
    expect(kinds({ gone: 80, added: 80, renamed: 80, ending: '.locked' })).toEqual(['renamed']);
    expect(kinds({ gone: 80, added: 80, renamed: 80, ending: null })).toEqual([]);
    expect(kinds({ changed: 90, storedRatio: 0.97 })).toEqual(['incompressible']);
    // A few pictures among the documents are no attack.
    expect(kinds({ changed: 30, storedRatio: 0.97 })).toEqual([]);
  });

  it('learns what is usual for the plan: one that changes wholly each day is left alone', () => {
    const wild = Array.from({ length: 10 }, () => ({ ...usual, changed: 900, storedRatio: 0.95 }));
    expect(kinds({ changed: 910, storedRatio: 0.96 }, wild)).toEqual(['changed']);
    const varied = wild.map((stats, index) => ({ ...stats, changed: 500 + 45 * index }));
    expect(kinds({ changed: 910, storedRatio: 0.96 }, varied)).toEqual([]);
  });

  it('uses fixed thresholds while it knows too little, and says so', () => {
    expect(kinds({ changed: 400 }, history.slice(0, 3))).toEqual([]);
    const [sign] = judgeChanges({ ...usual, gone: 400 }, []);
    expect(sign).toMatchObject({ kind: 'gone', usual: null, threshold: 0.3 });
    expect(sign?.sentence.zh).toContain('历史不足');
    const [told] = judgeChanges({ ...usual, gone: 400 }, history);
    expect(told?.sentence.en).toMatch(/^400 files are gone, 40% of all \(usually 0\.\d%, threshold 15%\)\.$/);
  });
});
