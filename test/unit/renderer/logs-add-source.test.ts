import { describe, expect, it } from 'vitest';
import { logSourceInputSchema } from '#shared/contract/logs.ts';
import {
  type AddLogSourceStep,
  emptyLogSource,
  issuesOf,
  type LogPreview,
  nextStep,
  previousStep,
  suggestedName,
  toSourceInput,
} from '../../../renderer/wizards/add-log-source/steps.ts';

const draft = { ...emptyLogSource, path: '/var/log/hmtt/hmtt.log', name: 'hmtt' };
const preview: LogPreview = {
  files: [draft.path],
  format: 'json',
  encoding: 'utf-8',
  lines: [],
  total: 0,
  matched: 0,
  continued: 0,
  candidates: [],
};

describe('the add log source wizard', () => {
  it('walks to the end and makes an input that the contract accepts', () => {
    let step: AddLogSourceStep = 'path';
    const seen: AddLogSourceStep[] = [step];
    while (nextStep(step, draft, preview, []) !== step) {
      step = nextStep(step, draft, preview, []);
      seen.push(step);
    }
    expect(seen).toEqual(['path', 'preview', 'details', 'confirm', 'done']);
    expect(logSourceInputSchema.safeParse(toSourceInput(draft)).success).toBe(true);
    expect(previousStep('done')).toBe('done');
  });

  it('does not pass the preview before there is one', () => {
    expect(issuesOf('preview', draft, null, [])).toEqual(['previewMissing']);
    expect(nextStep('preview', draft, null, [])).toBe('preview');
  });

  it.each([
    [{ path: ' ' }, 'path', 'pathMissing'],
    [{ path: 'hmtt.log' }, 'path', 'pathRelative'],
    [{ more: ['logs/*.log'] }, 'path', 'pathRelative'],
    [{ name: ' ' }, 'details', 'nameMissing'],
    [{ name: 'taken' }, 'details', 'nameTaken'],
    [{ host: '' }, 'details', 'hostMissing'],
    [{ zone: 'Asia/Shangai' }, 'details', 'zoneUnknown'],
  ] as const)('names what is wrong with %o', (change, step, issue) => {
    expect(issuesOf(step, { ...draft, ...change }, preview, ['taken'])).toEqual([issue]);
  });

  it('does not wait for a look at files of another host', () => {
    expect(issuesOf('preview', { ...draft, login: 'app-1' }, null, [])).toEqual([]);
    expect(toSourceInput({ ...draft, login: 'app-1' }).remote).toEqual({ login: 'app-1' });
  });

  it.each([
    ['/var/log/hmtt/hmtt.log', 'hmtt'],
    ['/var/log/nginx/*.log', 'nginx'],
    ['/var/log/app/app-{a,b}.json', 'app'],
    ['C:\\logs\\server.txt', 'server'],
  ])('suggests a name for %s', (path, name) => {
    expect(suggestedName(path)).toBe(name);
  });
});
