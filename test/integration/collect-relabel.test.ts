import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { readPrometheusConfig } from '../../main/engine/hosts/prometheus-config/read-config.ts';
import { type Prometheus, startPrometheus } from '../helpers/prometheus.ts';
import { RULE_DOCUMENTS, randomJobs, TARGET_JOBS } from '../helpers/relabel-cases.ts';
import { ourTarget, type Targets, theirTarget } from '../helpers/shown-target.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

const run = promisify(execFile);
let peer: Prometheus | undefined;
afterAll(() => peer?.stop());

test(`${RULE_DOCUMENTS.length} rules are taken or refused as by promtool`, async () => {
  const folder = temporaryFolder('rules');
  const found: string[] = [];
  for (const kind of ['relabel_configs', 'metric_relabel_configs'])
    for (const rule of RULE_DOCUMENTS) {
      const text = `scrape_configs:\n- job_name: j\n  static_configs: [{targets: ['h:1']}]\n  ${kind}:\n  - ${rule}\n`;
      const file = join(folder, 'prometheus.yml');
      writeFileSync(file, text);
      const theirs = await run('promtool', ['check', 'config', file]).then(
        () => 'taken',
        (failed: { readonly stdout?: string; readonly stderr?: string; readonly code?: unknown }) => {
          if (typeof failed.code !== 'number')
            throw new Error('promtool of Debian is missing: apt install prometheus');
          return `refused: ${failed.stderr}${failed.stdout}`;
        },
      );
      const ours = readPrometheusConfig('prometheus.yml', text, (path) => path);
      const weTake = ours.ok;
      if (weTake !== (theirs === 'taken'))
        found.push(`${kind} ${rule}: ${weTake ? 'taken' : 'refused'}, ${theirs}`);
    }
  expect(found).toEqual([]);
});

const RANDOM = randomJobs(400, 2_42);

test(`the targets of ${TARGET_JOBS.length} jobs, and of ${RANDOM.length} with rules put together at random, are those of Prometheus`, async () => {
  const all = [...RANDOM, ...TARGET_JOBS];
  const jobs = all.map((lines, n) => `- job_name: job-${n}\n${lines.replace(/^/gm, '  ')}\n`);
  const prometheus = await startPrometheus(`scrape_configs:\n${jobs.join('')}`, { flags: [] });
  peer = prometheus;
  const deadline = Date.now() + 90_000;
  const ask = async (): Promise<Targets> => {
    const answer = await prometheus.api<Targets>('/api/v1/targets');
    if (answer.status !== 'success') throw new Error(answer.error);
    return answer.data;
  };
  // Targets come up some time after the start; when their number stays, they all have.
  const numberOf = ({ activeTargets, droppedTargets }: Targets): number =>
    activeTargets.length + droppedTargets.length;
  let theirs = await ask();
  for (let same = 0; same < 4; ) {
    if (Date.now() > deadline) throw new Error(`no targets: ${prometheus.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const now = await ask();
    same = numberOf(now) > 0 && numberOf(now) === numberOf(theirs) ? same + 1 : 0;
    theirs = now;
  }
  const found: string[] = [];
  let dropped = 0;
  let refused = 0;
  for (const [n, job] of jobs.entries()) {
    const wanted = theirs.activeTargets
      .filter(({ scrapePool }) => scrapePool === `job-${n}`)
      .map(theirTarget);
    const read = readPrometheusConfig('prometheus.yml', `scrape_configs:\n${job}`, (path) => path);
    if (!read.ok) {
      // Prometheus leaves out the one target that cannot be scraped; here the whole file is refused for it.
      const isNameless = read.error.message.en.includes('is not a valid label name');
      if (wanted.length === 3 && !isNameless) found.push(`${job}: only we refuse: ${read.error.message.en}`);
      refused += 1;
      continue;
    }
    const [mine] = read.value.jobs;
    const got = mine?.targets.map(ourTarget).sort() ?? [];
    if (JSON.stringify(got) !== JSON.stringify(wanted.sort())) found.push(`${job}: ${got}, not ${wanted}`);
    dropped += mine?.dropped ?? 0;
  }
  expect(found).toEqual([]);
  expect(refused).toBeLessThan(all.length / 10);
  if (refused === 0) expect(dropped).toBe(theirs.droppedTargets.length);
});
