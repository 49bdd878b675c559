import { describe, expect, it } from 'vitest';
import type { ListedPoint } from '#shared/contract/backup.ts';
import { appError } from '#shared/errors/index.ts';
import { layoutChain, STEP } from '../../../renderer/pages/backups/chain/chain-layout.ts';
import {
  chainState,
  chainStates,
  isRestorable,
  restorableBefore,
  shapeOfState,
} from '../../../renderer/pages/backups/chain/chain-state.ts';
import { emptyReport } from '../../helpers/backup-report.ts';

const HOUR = 3_600_000;

function point(id: string, more: Partial<ListedPoint> = {}): ListedPoint {
  const startedAt = Number(id.replace(/\D/g, '')) * HOUR;
  return {
    id,
    plan: 'core',
    type: 'full',
    parentId: null,
    startedAt,
    finishedAt: startedAt,
    archivePath: `/t/${id}`,
    state: 'complete',
    verifiedAt: startedAt,
    verifyError: null,
    report: emptyReport,
    chain: { length: 1, brokenBy: null, neededBy: 0 },
    copies: [],
    restorable: { now: true, insert: [], lost: [] },
    ...more,
  };
}

const medium = { mediumId: 'm', label: 'HMTT-07', location: 'safe' };

describe('the state of a point in its chain', () => {
  it.each<readonly [string, Partial<ListedPoint>, string]>([
    ['was verified', {}, 'verified'],
    ['was never verified', { verifiedAt: null }, 'complete'],
    ['is damaged', { state: 'broken', verifyError: appError('BACKUP_FILE_CHANGED') }, 'broken'],
    [
      'lies on a medium in a safe',
      { state: 'missing', restorable: { now: false, insert: [medium], lost: [] } },
      'away',
    ],
    [
      'builds on a point that lies on a medium in a safe',
      {
        chain: { length: 2, brokenBy: '0', neededBy: 0 },
        restorable: { now: false, insert: [medium], lost: [] },
      },
      'away',
    ],
    ['is nowhere', { state: 'missing', restorable: { now: false, insert: [], lost: ['1'] } }, 'missing'],
    [
      'builds on a point that is nowhere',
      { restorable: { now: false, insert: [medium], lost: ['0'] } },
      'chain',
    ],
    ['builds on a damaged point', { chain: { length: 2, brokenBy: '0', neededBy: 0 } }, 'chain'],
  ])('that %s', (_name, more, state) => {
    expect(chainState(point('1', more))).toBe(state);
  });

  it('has a shape of its own each, but for the two that are restorable with a reservation', () => {
    expect(new Set(chainStates.map((state) => shapeOfState[state])).size).toBe(chainStates.length - 1);
    expect(shapeOfState.lacking).toBe(shapeOfState.complete);
  });

  it('of a point without one of its databases is not good, but its files can be restored', () => {
    const report = {
      ...point('1').report,
      skipped: [{ path: '.hmtt-databases/orders', error: appError('BACKUP_FILE_CHANGED') }],
    };
    expect(chainState(point('1', { report }))).toBe('lacking');
    expect(isRestorable(point('1', { report }))).toBe(true);
  });

  it('tells what is left when a point cannot be restored', () => {
    const broken = point('3', { state: 'broken' });
    const points = [point('4'), broken, point('2', { state: 'broken' }), point('1'), point('0')];
    expect(isRestorable(broken)).toBe(false);
    expect(restorableBefore(broken, points)?.id).toBe('1');
    expect(restorableBefore(point('0'), points)).toBeNull();
  });
});

describe('the drawing of a chain', () => {
  it('draws points in the order they were seen, in the row of their type, linked to what they build on', () => {
    const full = point('0');
    const { nodes, links, width } = layoutChain([
      point('3', { type: 'incremental', parentId: '2' }),
      point('2', { type: 'incremental', parentId: '0' }),
      point('1', { type: 'differential', parentId: '0' }),
      full,
    ]);
    expect(nodes.map((node) => node.point.id)).toEqual(['0', '1', '2', '3']);
    const xs = nodes.map(({ x }) => x);
    expect(xs.slice(1).map((x, index) => x - (xs[index] ?? 0))).toEqual([STEP, STEP, STEP]);
    expect(new Set(nodes.map(({ y }) => y)).size).toBe(3);
    expect(links.map(({ id, isBroken }) => [id, isBroken])).toEqual([
      ['1', false],
      ['2', false],
      ['3', false],
    ]);
    // Neighbours in a row are joined by a straight line.
    expect(links[2]?.path).toMatch(/^M\d+ \d+H\d+$/);
    // What builds on the full comes down from the line below it, past the other differential.
    expect(links[1]?.path).toMatch(/^M20 36V43H80V104$/);
    expect(width).toBeGreaterThan(xs.at(-1) ?? 0);
  });

  it('marks links to what cannot be used, and leaves out links to what is not shown', () => {
    const { links } = layoutChain([
      point('2', { type: 'incremental', parentId: '1' }),
      point('1', { type: 'incremental', parentId: 'gone', state: 'broken' }),
    ]);
    expect(links).toEqual([expect.objectContaining({ id: '2', isBroken: true })]);
  });

  it('keeps 200 points apart, with dates that do not overlap', () => {
    const points = Array.from({ length: 200 }, (_, index) => point(String(199 - index)));
    const { nodes, ticks, width } = layoutChain(points);
    expect(nodes).toHaveLength(200);
    expect(width).toBeLessThan(6200);
    const gaps = ticks.slice(1).map(({ x }, index) => x - (ticks[index]?.x ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(80);
    expect(ticks.length).toBeGreaterThan(5);
  });
});
