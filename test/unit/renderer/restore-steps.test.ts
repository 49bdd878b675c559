import { describe, expect, it } from 'vitest';
import type { RestoreState } from '#shared/contract/restore.ts';
import {
  noChoices,
  type RestoreChoices,
  toPlanRequest,
  withPathToggled,
  withWhat,
  withWhere,
} from '../../../renderer/wizards/restore/choices.ts';
import { noExtras } from '../../../renderer/wizards/restore/extras.ts';
import {
  advanced,
  canStepBack,
  firstStep,
  isResumable,
  obstacle,
  planned,
  type RestoreWizardState,
  restoreSteps,
  riskOf,
  stepOfRestore,
  steppedBack,
  steppedBackTo,
  toldObstacle,
} from '../../../renderer/wizards/restore/steps.ts';

const complete: RestoreChoices = {
  what: { kind: 'paths', plan: 'core', paths: ['etc/hmtt.conf'] },
  when: { pointId: 'p1', plan: 'core', at: 1000, verifiedAt: 2000 },
  where: { kind: 'folder', dir: '/tmp/back' },
  overwrite: 'never',
  extras: noExtras,
};

function walk(state: RestoreWizardState, steps: number): RestoreWizardState {
  return steps === 0 ? state : walk(advanced(state), steps - 1);
}

describe('the restore wizard', () => {
  it('walks what, when, where and preview, and stops at a preview that is not computed', () => {
    const preview = walk({ choices: complete, step: firstStep }, 3);
    expect(preview.step).toEqual({ name: 'preview', planning: { state: 'idle' } });
    expect(advanced(preview)).toBe(preview);
    const computing = planned(preview, { state: 'computing', jobId: 'j' });
    expect(obstacle(computing)).toBe('previewComputing');
    expect(advanced(computing)).toBe(computing);
    const ready = planned(computing, { state: 'ready', planId: 'plan-7' });
    expect(advanced(ready).step).toEqual({ name: 'confirm', planId: 'plan-7' });
  });

  it('never leaves the confirmation by Continue: only starting the restore does', () => {
    const confirm: RestoreWizardState = { choices: complete, step: { name: 'confirm', planId: 'p' } };
    expect(obstacle(confirm)).toBe('confirmWord');
    expect(advanced(confirm)).toBe(confirm);
  });

  it.each([
    ['what', { ...complete, what: null }, 'whatMissing'],
    ['what', { ...complete, what: { kind: 'paths', plan: 'core', paths: [] } }, 'whatMissing'],
    ['when', { ...complete, when: null }, 'whenMissing'],
    ['where', { ...complete, where: { kind: 'folder', dir: '' } }, 'whereMissing'],
    ['where', { ...complete, where: { kind: 'folder', dir: 'back' } }, 'whereRelative'],
  ] as const)('stays in step %s while something is missing', (name, choices, expected) => {
    const state: RestoreWizardState = { choices: choices as RestoreChoices, step: { name } };
    expect(obstacle(state)).toBe(expected);
    expect(advanced(state)).toBe(state);
  });

  it('asks for a point only where one can be chosen', () => {
    const state: RestoreWizardState = { choices: { ...complete, when: null }, step: { name: 'when' } };
    const point = (plan: string, now: boolean) => ({
      plan,
      state: 'complete' as const,
      restorable: { now, insert: [], lost: [] },
    });
    expect(toldObstacle(state, [point('core', false), point('core', true)])).toBe('whenMissing');
    expect(toldObstacle(state, [point('core', false), point('logs', true)])).toBeNull();
    expect(toldObstacle(state, [{ ...point('core', true), state: 'missing' }])).toBeNull();
    // Continue stays closed all the same.
    expect(advanced(state)).toBe(state);
    expect(toldObstacle({ ...state, step: { name: 'confirm', planId: 'p' } }, [])).toBeNull();
    expect(toldObstacle({ choices: noChoices, step: firstStep }, [])).toBe('whatMissing');
  });

  it('goes back from every step before the run, and computes the preview anew from the confirmation', () => {
    const confirm: RestoreWizardState = { choices: complete, step: { name: 'confirm', planId: 'p' } };
    expect(steppedBack(confirm).step).toEqual({ name: 'preview', planning: { state: 'idle' } });
    expect(steppedBackTo(confirm, 'what').step).toEqual({ name: 'what' });
    expect(steppedBackTo(confirm, 'what').choices).toBe(complete);
    const run: RestoreWizardState = { choices: complete, step: { name: 'run', restoreId: 'r' } };
    expect(canStepBack(run)).toBe(false);
    expect(steppedBackTo(run, 'where')).toBe(run);
    expect(canStepBack({ choices: complete, step: firstStep })).toBe(false);
  });

  it('never jumps forward by name', () => {
    const state: RestoreWizardState = { choices: complete, step: { name: 'when' } };
    expect(steppedBackTo(state, 'confirm')).toBe(state);
  });

  it('drops news of a preview that was left', () => {
    const state: RestoreWizardState = { choices: complete, step: { name: 'where' } };
    expect(planned(state, { state: 'ready', planId: 'old' })).toBe(state);
  });

  it('has eight steps', () => {
    expect(restoreSteps).toHaveLength(8);
  });
});

describe('the choices', () => {
  it('are safe before anything is chosen: another folder, nothing overwritten', () => {
    expect(noChoices.where.kind).toBe('folder');
    expect(noChoices.overwrite).toBe('never');
    expect(riskOf(noChoices)).toBe('low');
    expect(riskOf({ ...noChoices, overwrite: 'older' })).toBe('high');
    expect(riskOf({ ...noChoices, where: { kind: 'original' } })).toBe('high');
  });

  it('forget a point of another plan', () => {
    expect(withWhat(complete, { kind: 'everything', plan: 'core' }).when).toEqual(complete.when);
    expect(withWhat(complete, { kind: 'everything', plan: 'logs' }).when).toBeNull();
  });

  it('collect paths of one plan, and begin anew with another', () => {
    const two = withPathToggled(complete, 'core', 'etc/other.conf');
    expect(two.what).toEqual({ kind: 'paths', plan: 'core', paths: ['etc/hmtt.conf', 'etc/other.conf'] });
    expect(withPathToggled(two, 'core', 'etc/hmtt.conf').what).toMatchObject({ paths: ['etc/other.conf'] });
    expect(withPathToggled(two, 'logs', 'var/log/a').what).toEqual({
      kind: 'paths',
      plan: 'logs',
      paths: ['var/log/a'],
    });
  });

  it('take back a wish to overwrite when the place changes', () => {
    const always = { ...complete, overwrite: 'always' as const };
    expect(withWhere(always, { kind: 'original' }).overwrite).toBe('never');
    expect(withWhere(always, { kind: 'folder', dir: '/other' }).overwrite).toBe('always');
  });

  it('become the engine request, with null for the original place and nothing for everything', () => {
    expect(toPlanRequest(complete)).toEqual({
      pointId: 'p1',
      selection: ['etc/hmtt.conf'],
      targetDir: '/tmp/back',
      overwrite: 'never',
      owners: { mode: 'keep', users: [], groups: [] },
      strip: '',
      renames: [],
      safetyCopy: true,
      appCheck: null,
    });
    expect(
      toPlanRequest({ ...complete, what: { kind: 'everything', plan: 'core' }, where: { kind: 'original' } }),
    ).toMatchObject({ selection: [], targetDir: null });
    expect(toPlanRequest(noChoices)).toBeNull();
  });

  it('lead to a host; what was fetched from it goes back without the folder that the archive adds', () => {
    const what = { kind: 'everything', plan: 'core' } as const;
    const on = { kind: 'host', login: 'l1', dir: '/tmp/back', source: null } as const;
    expect(toPlanRequest({ ...complete, where: on })).toMatchObject({
      selection: ['etc/hmtt.conf'],
      targetDir: '/tmp/back',
      toHost: 'l1',
      strip: '',
    });
    const back = { ...on, dir: '/', source: 'app-1' } as const;
    expect(toPlanRequest({ ...complete, what, where: back })).toMatchObject({
      selection: ['.hmtt-remote/app-1'],
      targetDir: '/',
      strip: '.hmtt-remote/app-1',
    });
    const paths = ['.hmtt-remote/app-1/srv/a', 'etc/hmtt.conf'];
    expect(
      toPlanRequest({
        ...complete,
        what: { ...complete.what, kind: 'paths', plan: 'core', paths },
        where: back,
      }),
    ).toMatchObject({ selection: ['.hmtt-remote/app-1/srv/a'] });
    expect(riskOf({ ...complete, where: back })).toBe('high');
    expect(obstacle({ choices: { ...complete, where: { ...on, login: '' } }, step: { name: 'where' } })).toBe(
      'whereHost',
    );
  });
});

describe('a restore of the engine', () => {
  const plan = {} as RestoreState['plan'];
  const restore = (state: RestoreState['state']): RestoreState => ({
    id: 'r1',
    plan,
    state,
    jobId: null,
    startedAt: 1,
    finishedAt: null,
    error: null,
    safety: null,
    undoneBy: null,
    canUndo: false,
  });

  it.each([
    ['planned', 'run'],
    ['running', 'run'],
    ['interrupted', 'run'],
    ['failed', 'run'],
    ['cancelled', 'run'],
    ['verifying', 'verify'],
    ['done', 'verify'],
  ] as const)('that is %s opens at step %s', (state, step) => {
    expect(stepOfRestore(restore(state))).toEqual({ name: step, restoreId: 'r1' });
  });

  it('can go on after a power cut, a cancel or a failure, and not while it runs', () => {
    const resumable = (
      ['planned', 'running', 'interrupted', 'verifying', 'done', 'failed', 'cancelled'] as const
    ).filter(isResumable);
    expect(resumable).toEqual(['interrupted', 'failed', 'cancelled']);
  });
});
