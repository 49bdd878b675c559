import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hmtt } from '../../helpers/headless-engine.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

test('the silence of a source is set and shown by its name, and refused in words otherwise', async () => {
  const data = temporaryFolder('silence');
  const log = join(data, 'app.log');
  writeFileSync(log, 'one line\n');
  expect((await hmtt(data, 'logs', 'add', '--path', log, '--name', 'app')).code).toBe(0);
  const learned = await hmtt(data, '--json', 'logs', 'silence');
  expect(JSON.parse(learned.stdout)).toMatchObject({ sources: [{ name: 'app', setting: { kind: 'auto' } }] });
  const set = await hmtt(data, '--json', 'logs', 'silence', 'app', '2h');
  expect(JSON.parse(set.stdout)).toMatchObject({
    sources: [{ name: 'app', setting: { kind: 'after', ms: 7_200_000 } }],
  });
  const wrong = await hmtt(data, 'logs', 'silence', 'app', 'soon');
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('soon')]);
  const unknown = await hmtt(data, 'logs', 'silence', 'nobody', 'never');
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('nobody')]);
});
