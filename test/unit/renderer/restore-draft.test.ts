import { describe, expect, it } from 'vitest';
import type { StateStorage } from 'zustand/middleware';
import { createRestoreDraft } from '../../../renderer/stores/restore-draft.ts';
import { noChoices } from '../../../renderer/wizards/restore/choices.ts';

/** The window's storage, as far as the store uses it. */
function memory(): StateStorage & { readonly items: Map<string, string> } {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

const choices = { ...noChoices, what: { kind: 'everything', plan: 'core' } as const };

describe('a restore wizard left half-way', () => {
  it('is offered again with what was chosen', () => {
    const storage = memory();
    createRestoreDraft(() => storage).setState({ wizard: { choices, step: { name: 'where' } }, savedAt: 5 });
    const again = createRestoreDraft(() => storage).getState();
    expect(again).toEqual({ wizard: { choices, step: { name: 'where' } }, savedAt: 5 });
  });

  it.each([
    { name: 'confirm', planId: 'stale' } as const,
    { name: 'preview', planning: { state: 'ready', planId: 'stale' } } as const,
  ])('never reopens at an old plan ($name)', (step) => {
    const storage = memory();
    createRestoreDraft(() => storage).setState({ wizard: { choices, step }, savedAt: 5 });
    const again = createRestoreDraft(() => storage).getState();
    expect(again.wizard.step).toEqual({ name: 'preview', planning: { state: 'idle' } });
  });

  it.each([
    '{',
    '{"state":{"stepName":"run"}}',
    '{"state":{}}',
    '{"state":{"choices":7,"stepName":"what","savedAt":1}}',
  ])('is not offered when its record is damaged: %s', (text) => {
    const storage = memory();
    storage.items.set('hmtt.restore-draft', text);
    expect(createRestoreDraft(() => storage).getState()).toEqual({
      wizard: { choices: noChoices, step: { name: 'what' } },
      savedAt: null,
    });
  });
});
