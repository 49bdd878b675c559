import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { formFileText } from '../../main/engine/alerts/authoring/form-file.ts';
import { starterFiles } from '../../main/engine/alerts/authoring/starter/index.ts';
import { starterCases } from '../fixtures/starter-cases.ts';
import { anyForm } from '../helpers/form-arbitrary.ts';
import { starterTestFile } from '../helpers/starter-tests.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

const FORMS = 300;

function promtool(dir: string, ...args: string[]): { readonly status: number | null; readonly text: string } {
  const run = spawnSync('promtool', args, { cwd: dir, encoding: 'utf8' });
  if (run.error !== undefined) throw new Error('promtool is needed by this test: apt-get install prometheus');
  return { status: run.status, text: run.stdout + run.stderr };
}

it(`promtool takes the files of ${FORMS} forms`, () => {
  const dir = temporaryFolder('forms');
  const files = fc.sample(anyForm, { numRuns: FORMS, seed: 42 }).map((form, index) => {
    writeFileSync(join(dir, `${index}.yml`), formFileText(form));
    return `${index}.yml`;
  });
  const { status, text } = promtool(dir, 'check', 'rules', ...files);
  expect(status === 0 ? '' : text).toBe('');
});

it('promtool takes the starter set, and agrees with it about every case', () => {
  const dir = temporaryFolder('starter');
  const files = starterFiles(new Map()).map(({ name, text }) => {
    const file = `${name.replace('starter/', '').replace('.yml', '')}.rules.yml`;
    writeFileSync(join(dir, file), text);
    return file;
  });
  const checked = promtool(dir, 'check', 'rules', ...files);
  expect(checked.status === 0 ? '' : checked.text).toBe('');
  writeFileSync(join(dir, 'cases.yml'), starterTestFile(starterCases));
  const tested = promtool(dir, 'test', 'rules', 'cases.yml');
  expect(tested.status === 0 ? '' : tested.text).toBe('');
  // The cases are able to fail.
  const wrong = starterCases.map((each) => ({ ...each, alerts: [] }));
  writeFileSync(join(dir, 'wrong.yml'), starterTestFile(wrong));
  expect(promtool(dir, 'test', 'rules', 'wrong.yml').status).toBe(1);
});
