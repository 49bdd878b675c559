import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import type { Host } from '#shared/contract/hosts.ts';
import type { RequestInput, RequestName, RequestOutput } from '#shared/contract/index.ts';
import type { Notice } from '#shared/contract/notice.ts';
import { type HeadlessEngine, startHeadlessEngine } from '../helpers/headless-engine.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';

const HOSTS = 300;
const NOTICE_WITHIN_MS = 60_000;
/** Longer than a group waits, and than it keeps silent between two notices. */
const QUIET_AFTER_MS = 65_000;
const script = fileURLToPath(new URL('../helpers/storm-child.ts', import.meta.url));

type Site = {
  readonly child: ChildProcess;
  readonly exporters: readonly number[];
  readonly uplink: number;
};

const children: ChildProcess[] = [];
const engines: HeadlessEngine[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const engine of engines.splice(0)) {
    engine.close();
    await engine.stop();
  }
});

/** Three hundred exporters and the switch they are behind, all in one process that can be killed. */
async function startSite(): Promise<Site> {
  const child = spawn(process.execPath, [script, String(HOSTS)], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const lines = createInterface({ input: child.stdout });
  const line = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    child.once('exit', () => reject(new Error('the site ended before it said where it is')));
  });
  return { child, ...(JSON.parse(line) as { exporters: number[]; uplink: number }) };
}

/** Asks the engine; a failure ends the test in its own words. */
async function ask<N extends RequestName>(
  engine: HeadlessEngine,
  name: N,
  input: RequestInput<N>,
): Promise<RequestOutput<N>> {
  const result = await engine.client.call(name, input);
  if (!result.ok) throw new Error(`${name}: ${result.error.code}: ${result.error.message.en}`);
  return result.value;
}

/** Waits until something holds, asking four times a second. */
async function until<T>(what: string, within: number, look: () => Promise<T | null>): Promise<T> {
  const start = performance.now();
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() - start > within) throw new Error(`not within ${within} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

test(`a switch and ${HOSTS} hosts behind it die at once: one notice, of the switch`, async () => {
  const site = await startSite();
  const engine = await startHeadlessEngine(temporaryFolder());
  engines.push(engine);
  const list = [
    'name,address,kind,tcp,exporter,behind',
    `sw-1,127.0.0.1,switch,${site.uplink},,`,
    ...site.exporters.map((port, n) => `app-${n + 1},127.0.0.1,app,,${port},sw-1`),
  ].join('\n');
  const imported = await ask(engine, 'inventory.import', {
    fileName: 'site.csv',
    bytes: Buffer.from(list).toString('base64'),
    dryRun: false,
  });
  expect(imported.faults).toEqual([]);
  expect(imported.applied).toBe(true);

  const storm = async (): Promise<readonly Host[]> =>
    (await ask(engine, 'hosts.list', {})).hosts.filter(({ thisWorkstation }) => !thisWorkstation);
  // How long a busy machine takes to look at all of them for the first time is not what this shows.
  let notUp: readonly Host[] = [];
  const allUp = async (): Promise<true | null> => {
    notUp = (await storm()).filter(({ state }) => state !== 'up');
    return notUp.length === 0 ? true : null;
  };
  await until('all are up', 120_000, allUp).catch((cause: unknown) => {
    const states = notUp.slice(0, 5).map(({ name, state, stateSince }) => ({ name, state, stateSince }));
    throw new Error(`${notUp.length} are not up: ${JSON.stringify(states)}`, { cause });
  });

  const killedAt = Date.now();
  site.child.kill('SIGKILL');
  const everDown = new Set<string>();
  const dead = await until('all are dead', NOTICE_WITHIN_MS, async () => {
    const now = await storm();
    for (const { name, state } of now) if (state === 'down') everDown.add(name);
    return now.every(({ state }) => state !== 'up') ? now : null;
  });
  // The switch is down; everything behind it is unreachable because of it, and was never called down in between.
  expect([...everDown]).toEqual(['sw-1']);
  expect(dead.filter(({ state }) => state === 'unreachable')).toHaveLength(HOSTS);
  for (const host of dead)
    if (host.name !== 'sw-1') expect(host.causes).toEqual([{ kind: 'host', id: 'sw-1', name: 'sw-1' }]);
  const history = await ask(engine, 'hosts.get', { id: 'app-7' });
  expect(history.history.map(({ state }) => state)).toEqual(['not_watched', 'up', 'unreachable']);

  // One notice, of the switch; it says how many it explains, and the story of each of them says why nobody was told of it.
  const aboutStorm = async (): Promise<readonly Notice[]> =>
    (await ask(engine, 'notify.notices', {})).notices
      .map(({ notice }) => notice)
      .filter(({ alerts }) => alerts.some(({ labels }) => /^(sw|app)-\d+$/.test(labels.host ?? '')));
  const told = await until('somebody is told', NOTICE_WITHIN_MS, async () => (await aboutStorm())[0] ?? null);
  expect(told.at - killedAt).toBeLessThan(NOTICE_WITHIN_MS);
  expect(told.alerts.map(({ labels }) => labels.host)).toEqual(['sw-1']);
  expect(told.counts).toMatchObject({ firing: 1, resolved: 0 });
  // A host whose last look fell behind the notice is held back like the others, and cannot be counted in it yet.
  expect(told.counts.suppressed).toBeGreaterThanOrEqual(HOSTS * 0.98);
  expect(told.title.zh).toContain('sw-1');
  expect(told.title.zh).toContain(String(told.counts.suppressed));
  await new Promise((resolve) => setTimeout(resolve, QUIET_AFTER_MS));
  expect((await aboutStorm()).map(({ title }) => title.zh)).toEqual([told.title.zh]);
  const views = (await ask(engine, 'notify.alerts', {})).alerts.filter(({ labels }) =>
    /^app-\d+$/.test(labels.host ?? ''),
  );
  expect(views).toHaveLength(HOSTS);
  for (const { problem } of views) {
    const { entries, verdict } = await ask(engine, 'notify.why', { id: problem.id });
    expect(entries.map(({ cause }) => cause?.kind)).toContain('dependency');
    expect(verdict.zh).toContain('sw-1');
  }
}, 360_000);
