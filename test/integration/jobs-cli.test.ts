import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hmtt } from '../helpers/headless-engine.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

test('target files and rules of a job are looked at and changed from the command line', async () => {
  const folder = temporaryFolder('jobs');
  const data = join(folder, 'data');
  const config = join(folder, 'prometheus.yml');
  writeFileSync(join(folder, 'nodes.json'), '[{"targets": ["app-1:9100", "old-1:9100"]}]');
  // A relative pattern is meant from the folder of the prometheus.yml.
  writeFileSync(config, 'scrape_configs: [{job_name: node, file_sd_configs: [{files: ["*.json"]}]}]\n');
  const imported = await hmtt(data, 'import', 'prometheus', config);
  expect(imported.stdout + imported.stderr).toContain('2 targets added');
  expect(imported.stdout).toContain(join(folder, 'nodes.json'));

  const rules = join(folder, 'rules.yml');
  writeFileSync(rules, '- {source_labels: [__address__], regex: old.*, action: dorp}\n');
  const refused = await hmtt(data, 'hosts', 'relabel', 'node', '--relabel', rules, '--save');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('unknown action');
  writeFileSync(rules, '- {source_labels: [__address__], regex: old.*, action: drop}\n');
  const taken = await hmtt(data, 'hosts', 'relabel', 'node', '--relabel', rules, '--save');
  expect(taken.stdout).toContain('dropped by rule 1');
  expect(taken.stdout).toContain('1 scraped, 1 dropped, 0 impossible; 0 with new labels, 1 gone');

  writeFileSync(join(folder, 'nodes.json'), '[\n{"targets": ["app-1:9100"], "lables": {}}]');
  const read = JSON.parse((await hmtt(data, '--json', 'hosts', 'discovery')).stdout);
  expect(read.files).toMatchObject([
    { job: 'node', file: join(folder, 'nodes.json'), errors: [{ code: 'DISCOVERY_FILE_INVALID', line: 2 }] },
  ]);
});
