import { describe, expect, it } from 'vitest';
import { IndexWork } from '../../../main/engine/logs/store/index-work.ts';
import type { IndexJob } from '../../../main/engine/logs/terms/plan.ts';
import { appError, err, ok } from '../../../shared/errors/index.ts';

const BUILD: IndexJob = { kind: 'build', firstBlock: 1, lastBlock: 16 };
const MERGE: IndexJob = { kind: 'merge', segments: [] };

/** Work on the days of some plans, and which days were looked at. */
function workOn(plans: Readonly<Record<string, IndexJob | null>>): {
  readonly work: IndexWork;
  readonly next: (reading: boolean) => string | null;
  readonly looked: () => readonly string[];
} {
  const work = new IndexWork();
  for (const day of Object.keys(plans)) work.changed(day);
  const looked: string[] = [];
  const next = (reading: boolean): string | null => {
    const found = work.next(reading, (day) => {
      looked.push(day);
      return ok(plans[day] ?? null);
    });
    return found && `${found.job.kind} ${found.day}`;
  };
  return { work, next, looked: () => looked.splice(0) };
}

describe('the work on the index of many days', () => {
  it('makes segments of all days before it merges those of any, the newest day first', () => {
    const plans: Record<string, IndexJob | null> = { d1: MERGE, d2: BUILD, d3: MERGE, d4: null };
    const { work, next } = workOn(plans);
    expect(next(false)).toBe('build d2');
    plans.d2 = null;
    work.changed('d2');
    expect(next(false)).toBe('merge d3');
    plans.d3 = null;
    work.changed('d3');
    expect(next(false)).toBe('merge d1');
    plans.d1 = BUILD;
    expect(next(false)).toBe('build d1');
    plans.d1 = null;
    expect(next(false)).toBeNull();
  });
  it('looks at a day of which nothing was to be done only when more has come, or nothing more comes', () => {
    const plans: Record<string, IndexJob | null> = { d1: null, d2: null };
    const { work, next, looked } = workOn(plans);
    expect(next(true)).toBeNull();
    expect(looked()).toEqual(['d2', 'd1']);
    expect(next(true)).toBeNull();
    expect(looked()).toEqual([]);
    work.changed('d1');
    expect(next(true)).toBeNull();
    expect(looked()).toEqual(['d1']);
    plans.d1 = BUILD;
    expect(next(false)).toBe('build d1');
    plans.d1 = null;
    expect(next(false)).toBeNull();
    looked();
    expect(next(false)).toBeNull();
    expect(looked()).toEqual([]);
  });
  it('forgets a day whose file is gone, and ends where a file cannot be looked at', () => {
    const { work, next } = workOn({ d1: BUILD, d2: BUILD });
    work.gone('d2');
    expect(next(false)).toBe('build d1');
    expect(work.next(false, () => err(appError('DISK_FULL', { file: 'd1.db' })))).toBeNull();
    expect(next(false)).toBe('build d1');
  });
  it('does other days first where work on one failed, and that day again when nothing else is left', () => {
    const plans: Record<string, IndexJob | null> = { d1: BUILD, d2: MERGE, d3: BUILD };
    const { work, next } = workOn(plans);
    expect(work.next(false, () => err(appError('DATABASE_DAMAGED', { file: 'd3.db', why: '' })))).toBeNull();
    expect(next(false)).toBe('build d1');
    work.failed('d1');
    expect(next(false)).toBe('merge d2');
    plans.d2 = null;
    expect(next(true)).toBeNull();
    expect(next(false)).toBe('build d3');
    plans.d3 = MERGE;
    expect(next(false)).toBe('merge d3');
    plans.d3 = null;
    expect(next(false)).toBe('build d1');
    work.gone('d1');
    work.failed('d1');
    expect(next(false)).toBeNull();
  });
});
