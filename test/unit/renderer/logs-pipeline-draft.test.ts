import { describe, expect, it } from 'vitest';
import { stepsOf } from '../../../renderer/pages/logs/pipelines/pipeline-dialog.tsx';
import {
  newStep,
  readPipeline,
  type StepDraft,
  withMovedStep,
  withStep,
} from '../../../renderer/pages/logs/pipelines/step-draft.ts';
import {
  filterOptions,
  type OptionType,
  optionText,
  optionTypes,
  optionValue,
} from '../../../renderer/pages/logs/pipelines/step-spec.ts';

describe('an option as lines', () => {
  const values: readonly (readonly [OptionType, unknown])[] = [
    ['map', { status: 'http.status', a: '%{b} => c' }],
    ['list', ['error', 'slow']],
    ['text', 'hmtt-error'],
    ['check', true],
    [
      'patterns',
      [
        { field: 'message', patterns: ['%{IP:client}', '%{WORD:user}'] },
        { field: 'path', patterns: ['^/api/(?<rest>.*)$'] },
      ],
    ],
    ['replacements', [{ field: 'message', pattern: '\\d+', with: '#' }]],
  ];
  it.each(values)('%s comes back as it was', (type, value) => {
    expect(optionValue(type, optionText(type, value))).toEqual(value);
  });

  it('leaves out what is not finished, and says nothing when it is empty', () => {
    expect(optionValue('map', 'status\na => b')).toEqual({ a: 'b' });
    expect(optionValue('map', '')).toBeUndefined();
    expect(optionValue('list', ' \n')).toBeUndefined();
  });
});

describe('a pipeline that is being filled in', () => {
  const draft = (steps: readonly StepDraft[]) => ({ name: 'p', enabled: true, sources: [], steps });

  it('is read with its branches', () => {
    const steps: readonly StepDraft[] = [
      {
        kind: 'if',
        branches: [{ when: '[level] == "error"', steps: [{ kind: 'mutate', addTag: ['error'] }] }],
        otherwise: [{ kind: 'stream', stream: 'hmtt-logs' }],
      },
    ];
    expect(readPipeline(draft(steps))).toMatchObject({ pipeline: { steps } });
  });

  it('says by number which step is not complete', () => {
    const read = readPipeline(draft([{ kind: 'drop' }, newStep('stream')]));
    expect('wrong' in read && stepsOf(read.wrong)).toEqual(['2']);
  });

  it('knows every option that its filters offer', () => {
    for (const { first, more } of Object.values(filterOptions))
      for (const name of [...first, ...more]) expect(optionTypes[name]).toBeDefined();
  });

  it('moves, replaces and takes away', () => {
    expect(withMovedStep(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c']);
    expect(withMovedStep(['a', 'b'], 1, 1)).toEqual(['a', 'b']);
    expect(withStep(['a', 'b'], 0, undefined)).toEqual(['b']);
    expect(withStep(['a', 'b'], 1, 'x')).toEqual(['a', 'x']);
  });
});
