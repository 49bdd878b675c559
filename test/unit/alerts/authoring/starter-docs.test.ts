import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatDuration } from '#shared/units/duration.ts';
import { starterGroups } from '../../../../main/engine/alerts/authoring/starter/index.ts';

const page = new URL('../../../../docs/rules.md', import.meta.url);

/** The table of docs/rules.md, made from the rules themselves. */
function starterTable(): string {
  const rows = starterGroups.flatMap(({ rules }) =>
    rules.map(({ name, severity, title, values, forMs }) => {
      const thresholds = values.map(({ name: key, initial }) => `${key} ${initial}`).join(', ');
      return `| ${name} | ${title.en} | ${severity} | ${thresholds} | ${forMs === 0 ? 'at once' : formatDuration(forMs)} |`;
    }),
  );
  return ['| rule | looks for | severity | thresholds | after |', '|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}

test('docs/rules.md lists the starter set as it is', () => {
  const [, listed = ''] = readFileSync(page, 'utf8').split(/<!-- starter set(?: end)? -->\n/);
  expect(listed.trim()).toBe(starterTable());
});
