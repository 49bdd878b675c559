import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPerfdata } from '../../../main/engine/collect/probes/perfdata.ts';
import { attempt } from '../../helpers/checks.ts';
import { startAttempts } from '../../helpers/fault-site.ts';
import { freePort } from '../../helpers/ports.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const PLUGINS = '/usr/lib/nagios/plugins';

/** Writes a plugin of a test's own. */
function plugin(text: string): string {
  const file = join(temporaryFolder('plugin'), 'check_test');
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Processes whose command line has a word. */
function running(word: string): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(word);
    } catch {
      return false;
    }
  });
}

test("Debian's plugins: state and performance data are those of the plugin run by hand", async () => {
  if (!existsSync(PLUGINS)) throw new Error('this test needs apt-get install monitoring-plugins-basic');
  const closed = String(await freePort());
  const cases: readonly (readonly [string, ...string[]])[] = [
    ['check_dummy', '0', 'all well'],
    ['check_dummy', '1', 'so so'],
    ['check_dummy', '2', 'bad'],
    ['check_dummy', '3', 'who knows'],
    ['check_tcp', '-H', '127.0.0.1', '-p', closed],
    ['check_swap', '-w', '2%', '-c', '1%'],
    ['check_users', '-w', '100', '-c', '200'],
    ['check_load', '-w', '1000,1000,1000', '-c', '2000,2000,2000'],
    ['check_file_age', '-w', '1', '-c', '9999999999', '-f', '/etc/hostname'],
    ['check_procs', '-w', '100000', '-c', '200000'],
  ];
  for (const [name, ...args] of cases) {
    const file = join(PLUGINS, name);
    const byHand = spawnSync(file, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
    const made = await attempt({ kind: 'nagios', file, args });
    expect(made.state, name).toBe(['ok', 'warning', 'critical', 'unknown'][byHand.status ?? -1]);
    const expected = readPerfdata(byHand.stdout.split('|')[1] ?? '');
    const labels = Object.keys(made.measures).filter((label) => label !== 'seconds');
    expect(labels.toSorted(), name).toEqual(expected.map(({ label }) => label).toSorted());
    // Figures that do not change between two runs.
    if (name === 'check_users')
      for (const { label, value } of expected) expect(made.measures[label], label).toBe(value);
    const text = (byHand.stdout.split('\n')[0]?.split('|')[0] ?? '').trim().replace(/[\d.]+/g, 'N');
    expect(made.sentence.en.replace(/[\d.]+/g, 'N'), name).toBe(text);
  }
});

test('multi-line output, performance data of every line, thresholds of our own', async () => {
  const file = plugin(
    'printf "OK: fine | \'root usage\'=42%%;80;90;0;100 time=1.5ms\\nmore text\\nand more | b=3c\\nc=7;;;;\\n"',
  );
  const made = await attempt(
    { kind: 'nagios', file },
    { thresholds: [{ measure: 'root usage', warn: '40' }] },
  );
  expect(made.measures).toMatchObject({ 'root usage': 42, time: 1.5, b: 3, c: 7 });
  expect([made.state, made.error?.code]).toEqual(['warning', 'CHECK_THRESHOLD']);
  expect(made.series['hmtt_check_perfdata{label="root usage",unit="%"}']).toBe(42);
  expect(made.series['hmtt_check_perfdata_seconds{label="time"}']).toBe(0.0015);
  expect(made.series['hmtt_check_perfdata_max{label="root usage"}']).toBe(100);
});

test('what is no plugin is told', async () => {
  expect((await attempt({ kind: 'nagios', file: '/no/such/plugin' })).error?.code).toBe(
    'CHECK_PLUGIN_NOT_STARTED',
  );
  const odd = await attempt({ kind: 'nagios', file: plugin('echo odd; exit 42') });
  expect([odd.state, odd.error?.code]).toEqual(['unknown', 'CHECK_PLUGIN_CODE']);
  const killed = await attempt({ kind: 'nagios', file: plugin('kill -9 $$') });
  expect([killed.state, killed.error?.code]).toEqual(['unknown', 'CHECK_PLUGIN_KILLED']);
});

test('a plugin that never ends is killed with its children, also those that left its group', async () => {
  const word = `8${Date.now() % 1_000_000_000}`;
  const file = plugin(
    `sleep ${word} &\nsetsid sleep ${word} &\n(setsid sh -c 'sleep ${word} & wait') &\nsleep ${word}`,
  );
  const start = performance.now();
  const made = await attempt({ kind: 'nagios', file }, { timeoutMs: 700 });
  expect(performance.now() - start).toBeLessThan(6_000);
  expect([made.state, made.error?.code]).toEqual(['unknown', 'CHECK_PLUGIN_ENDLESS']);
  await expect.poll(() => running(word)).toEqual([]);
});

test('what a plugin that has ended leaves behind is killed, and is not waited for', async () => {
  const word = `7${Date.now() % 1_000_000_000}`;
  const made = await attempt(
    { kind: 'nagios', file: plugin(`setsid sleep ${word} &\necho fine`) },
    { timeoutMs: 10_000 },
  );
  expect(made.state).toBe('ok');
  expect(made.durationMs).toBeLessThan(6_000);
  await expect.poll(() => running(word)).toEqual([]);
});

test('plugins that flood are ended; memory stays where it was', async () => {
  const word = `/dev/zero-${Date.now()}`;
  const file = plugin(`: ${word}\nexec yes "${'flood '.repeat(100)}"`);
  const own = startAttempts();
  try {
    const flood = { kind: 'nagios' as const, file };
    const first = await own.make([flood], 30_000);
    const last = await own.make(Array(10).fill(flood), 30_000);
    for (const made of [...first.made, ...last.made]) {
      expect([made.state, made.error?.code]).toEqual(['unknown', 'CHECK_PLUGIN_FLOODS']);
      expect(made.output.length).toBeLessThan(10_000);
    }
    // Of each 1 MiB is read; `yes` writes gigabytes a second.
    expect(last.peakRss - first.peakRss).toBeLessThan(100 << 20);
    await expect.poll(() => running(word)).toEqual([]);
  } finally {
    own.stop();
  }
});
