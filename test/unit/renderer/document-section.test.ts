import { expect, test } from 'vitest';
import { sectionAt } from '../../../renderer/wizards/import/document-section.ts';

test('a place in a site document is named by its section; the inventory is one', () => {
  expect(sectionAt('checks.3.what.port')).toBe('checks');
  expect(sectionAt('watchdog')).toBe('watchdog');
  for (const path of ['hosts.0', 'components.1.kind', 'links.2', 'jobs.0'])
    expect(sectionAt(path)).toBe('hosts');
  expect(sectionAt('sealedSecrets')).toBeNull();
});
