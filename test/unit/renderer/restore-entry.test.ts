import { describe, expect, it } from 'vitest';
import type { RestorePoint } from '#shared/contract/backup.ts';
import type { RestoreState } from '#shared/contract/restore.ts';
import { isPast, isUnfinished } from '../../../renderer/pages/recovery/sorting.ts';
import { startOf } from '../../../renderer/wizards/restore/entry.ts';
import { countHoldings } from '../../../renderer/wizards/restore/use-holdings.ts';
import { emptyReport } from '../../helpers/backup-report.ts';

const point = (id: string, plan: string, at: number, verifiedAt: number | null): RestorePoint => ({
  id,
  plan,
  type: 'full',
  parentId: null,
  startedAt: at,
  finishedAt: at + 1,
  archivePath: '/b/x',
  state: 'complete',
  verifiedAt,
  verifyError: null,
  report: { ...emptyReport, files: 1, bytes: 1, storedBytes: 1, durationMs: 1 },
});
const points = [point('p1', 'core', 10, 11), point('p2', 'core', 20, 21), point('p3', 'logs', 30, null)];
const start = (query: string) => startOf(new URLSearchParams(query), points);

describe('an address of the restore wizard', () => {
  it('begins with nothing for files, and with everything of the newest verified plan for a system', () => {
    expect(start('kind=files')).toMatchObject({ choices: { what: null }, step: { name: 'what' } });
    expect(start('kind=system')).toMatchObject({
      choices: { what: { kind: 'everything', plan: 'core' }, when: null },
      step: { name: 'what' },
    });
  });

  it('skips what it answers', () => {
    expect(start('plan=core&path=etc/hmtt.conf')).toMatchObject({
      choices: { what: { kind: 'paths', plan: 'core', paths: ['etc/hmtt.conf'] }, when: null },
      step: { name: 'when' },
    });
    expect(start('point=p2&path=etc')).toMatchObject({
      choices: { what: { paths: ['etc'] }, when: { pointId: 'p2', at: 20, verifiedAt: 21 } },
      step: { name: 'where' },
    });
    expect(start('plan=logs')).toMatchObject({ step: { name: 'what' } });
  });

  it('never skips the place, the preview or the confirmation, and never overwrites by itself', () => {
    expect(start('point=p2')?.choices).toMatchObject({
      where: { kind: 'folder', dir: '' },
      overwrite: 'never',
    });
  });

  it('changes nothing when it asks for what is not there', () => {
    expect(start('plan=gone')).toBeNull();
    expect(start('x=1')).toBeNull();
    expect(start('point=gone&plan=core')).toMatchObject({ choices: { when: null } });
  });
});

describe('what points hold', () => {
  it('counts files by their exact path and folders by anything below', () => {
    const version = (pointId: string) => ({
      pointId,
      plan: 'core',
      at: 1,
      size: 1,
      mtimeMs: 1,
      sha256: null,
      copies: [],
    });
    const counts = countHoldings([
      {
        path: 'etc/a',
        files: [
          { path: 'etc/a', versions: [version('p1'), version('p2')] },
          { path: 'old/etc/a', versions: [version('p3')] },
          { path: 'etc/ab', versions: [version('p3')] },
        ],
      },
      { path: 'srv', files: [{ path: 'srv/x', versions: [version('p2')] }] },
    ]);
    expect([...counts]).toEqual([
      ['p1', 1],
      ['p2', 2],
    ]);
  });
});

describe('restores on the recovery page', () => {
  const restore = (state: RestoreState['state'], finishedAt: number | null = null): RestoreState => ({
    id: 'r',
    plan: {} as RestoreState['plan'],
    state,
    jobId: null,
    startedAt: 1,
    finishedAt,
    error: null,
    safety: null,
    undoneBy: null,
    canUndo: false,
  });
  const DAY = 86_400_000;

  it('are offered again while they can go on; one that was given up, for a week', () => {
    expect(isUnfinished(restore('interrupted'), 99 * DAY)).toBe(true);
    expect(isUnfinished(restore('running'), 0)).toBe(true);
    expect(isUnfinished(restore('cancelled', 10 * DAY), 16 * DAY)).toBe(true);
    expect(isUnfinished(restore('cancelled', 10 * DAY), 18 * DAY)).toBe(false);
    expect(isUnfinished(restore('planned'), 0)).toBe(false);
    expect(isUnfinished(restore('done', 1), 1)).toBe(false);
  });

  it('leave evidence when they ended', () => {
    expect((['done', 'failed', 'cancelled'] as const).every((state) => isPast(restore(state, 1)))).toBe(true);
    expect(
      (['planned', 'running', 'verifying', 'interrupted'] as const).some((state) => isPast(restore(state))),
    ).toBe(false);
  });
});
