import { describe, expect, it } from 'vitest';
import type { StoredPoint } from '../../../../main/engine/backup/catalogue.ts';
import { planCopy } from '../../../../main/engine/backup/copy/copy-plan.ts';
import { emptyReport } from '../../../helpers/backup-report.ts';

const point = (id: string, parentId: string | null, more: Partial<StoredPoint> = {}): StoredPoint => ({
  seq: Number(id.slice(1)),
  id,
  plan: 'p',
  type: parentId === null ? 'full' : 'incremental',
  parentId,
  baseId: parentId === null ? null : 'p1',
  startedAt: 0,
  finishedAt: 0,
  archivePath: `/b/${id}`,
  archiveBytes: 1,
  manifestSha256: '',
  state: 'complete',
  verifiedAt: 1,
  verifyError: null,
  report: emptyReport,
  ...more,
});
const chain = [point('p1', null), point('p2', 'p1'), point('p3', 'p2'), point('p4', null), point('p5', 'p4')];
const ids = (wish: Parameters<typeof planCopy>[0], points = chain, there: readonly string[] = []) => {
  const planned = planCopy(wish, points, (id) => there.includes(id));
  return planned.ok ? planned.value.map(({ id }) => id) : planned.error.code;
};

describe('what is copied', () => {
  it('is the newest point with all it depends on, the full first', () => {
    expect(ids({ kind: 'newest' })).toEqual(['p4', 'p5']);
    expect(ids({ kind: 'newest' }, chain, ['p4'])).toEqual(['p5']);
    expect(ids({ kind: 'newest' }, chain, ['p4', 'p5'])).toEqual([]);
  });

  it('is all points, the newest chain first, so that the oldest is what has no room', () => {
    expect(ids({ kind: 'all' })).toEqual(['p4', 'p5', 'p1', 'p2', 'p3']);
  });

  it('is one point with all it depends on', () => {
    expect(ids({ kind: 'point', id: 'p3' }, chain, ['p2'])).toEqual(['p1', 'p3']);
  });

  it('is the newest that can be restored when the newest cannot', () => {
    const broken = chain.map((each) => (each.id === 'p4' ? { ...each, state: 'broken' as const } : each));
    expect(ids({ kind: 'newest' }, broken)).toEqual(['p1', 'p2', 'p3']);
    const gone = chain.map((each) => (each.id === 'p4' ? { ...each, state: 'missing' as const } : each));
    expect(ids({ kind: 'point', id: 'p5' }, gone)).toBe('BACKUP_CHAIN_BROKEN');
  });

  it('is nothing where there are no points', () => {
    expect(ids({ kind: 'newest' }, [])).toEqual([]);
  });
});
