import { expect, test } from 'vitest';
import { maintenanceChoices } from '../../../renderer/pages/hosts/inventory/maintenance-choices.ts';

const window = { from: new Date(2026, 10, 29, 2, 0).getTime(), to: new Date(2026, 10, 29, 4, 0).getTime() };
const entry = (name: string, more: object = {}) => ({
  ...{ id: `id-${name}`, name, enabled: true, now: null, next: null },
  ...more,
});

test('entries with a window to come stand first, by name, and say when; the others say why not', () => {
  const found = maintenanceChoices([
    entry('old'),
    entry('weekly', { next: window }),
    entry('off', { enabled: false, next: window }),
    entry('now', { now: window, next: window }),
  ]);
  expect(found.map(({ id, state, at }) => [id, state, at])).toEqual([
    ['id-now', 'open', ''],
    ['id-weekly', 'next', '2026-11-29 02:00'],
    ['id-off', 'off', ''],
    ['id-old', 'ended', ''],
  ]);
});
