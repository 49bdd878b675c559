import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planFile } from '../../../main/engine/restore/context.ts';
import { openPlanStore } from '../../../main/engine/restore/plan-store.ts';
import { startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { jobEnd } from '../../helpers/job-end.ts';
import { startSshd } from '../../helpers/sshd.ts';
import { startTcpValve } from '../../helpers/tcp-valve.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';
import { describeTree, treeDifferences } from '../../helpers/trees.ts';
import { backUp, plan } from './harness.ts';

/** Many small files, many of them under way at once, and a kill -9 of the console at chosen bytes of its connection to the host. */

const FILES = 600;
const A_FOLDER = 50;
const SECONDS = 1_700_000_000;
const MODES = [0o600, 0o644, 0o4755, 0o440];
/** How much the host hears before each kill, KiB: twice where the files of one batch get their names while those of the next are written. */
const HEARD = [400, 400];

test('killed at any byte, every final name is whole and as it should be, and every file called restored is there', {
  timeout: 600_000,
}, async () => {
  const root = temporaryFolder('host-killed');
  const source = join(root, 'source');
  const to = join(root, 'host');
  for (let n = 0; n < FILES; n += 1) {
    const folder = join(source, `folder ${Math.floor(n / A_FOLDER)}`);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `file ${n}`);
    writeFileSync(file, `${n} `.repeat(n % 40));
    if (n % 3 === 0) chownSync(file, 65_534, 65_534);
    chmodSync(file, MODES[n % MODES.length] ?? 0);
    utimesSync(file, SECONDS + n, SECONDS + n);
    utimesSync(folder, SECONDS, SECONDS);
  }
  utimesSync(source, SECONDS, SECONDS);
  const sshd = await startSshd(join(root, 'sshd'));
  const valve = await startTcpValve(sshd.port);
  let engine = await startHeadlessEngine(join(root, 'data'));
  try {
    const { id: login } = await engine.call('ssh.logins.put', {
      ...{ id: null, name: 'app-1', host: '127.0.0.1', port: valve.port, user: sshd.user, via: null },
      auth: { kind: 'key', keyFile: sshd.keyFile, passphraseFile: null },
    });
    const { unknownKey } = await engine.call('ssh.logins.test', { id: login });
    if (unknownKey !== null) await engine.call('ssh.hostKeys.trust', unknownKey);
    const pointId = await backUp(engine, 'core', source, join(root, 'target'));
    const made = await plan(engine, { pointId, targetDir: to, toHost: login, strip: source.slice(1) });
    const restoreId = made.id;
    for (const [turn, kib] of HEARD.entries()) {
      const isShut = valve.shutAfter(kib * 1024);
      const { jobId } = await (turn === 0
        ? engine.call('restore.start', { planId: restoreId, confirm: made.confirmWord })
        : engine.call('restore.resume', { restoreId }));
      // Were it over before it was cut off, nothing would have been tried.
      const tooSoon = jobEnd(engine, jobId).then(() => Promise.reject(new Error('it ended')));
      tooSoon.catch(() => undefined);
      await Promise.race([isShut, tooSoon]);
      await engine.kill();
      await untilNobodyIsServed(sshd.peer.pid);
      checkStanding(source, to, join(root, 'data'), restoreId);
      valve.open();
      engine = await startHeadlessEngine(join(root, 'data'));
      expect((await engine.call('restore.get', { restoreId })).state).toBe('interrupted');
    }
    const { jobId } = await engine.call('restore.resume', { restoreId });
    expect((await jobEnd(engine, jobId)).error).toBeNull();
    const { evidence } = await engine.call('restore.evidence', { restoreId });
    expect(evidence).toMatchObject({
      ...{ outcome: 'verified', verified: FILES, failures: [], interruptions: HEARD.length },
    });
    expect(treeDifferences(describeTree(source), describeTree(to))).toEqual([]);
  } finally {
    engine.close();
    await engine.stop();
    await valve.stop();
    await sshd.stop();
  }
});

/** What the host had heard it does to its end, also when nobody listens any more. */
async function untilNobodyIsServed(sshdPid: number | undefined): Promise<void> {
  while (spawnSync('pgrep', ['-P', String(sshdPid)]).status === 0)
    await new Promise((resolve) => setTimeout(resolve, 10));
}

function checkStanding(source: string, to: string, data: string, restoreId: string): void {
  const described = (path: string): string => {
    const { mode, uid, gid, mtimeMs } = lstatSync(path);
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
    return JSON.stringify({ mode, uid, gid, mtimeMs, sha256 });
  };
  const standing = existsSync(to) ? (readdirSync(to, { recursive: true }) as string[]) : [];
  for (const name of standing)
    if (!name.includes('.hmtt-restore-') && lstatSync(join(to, name)).isFile())
      expect([name, described(join(to, name))]).toEqual([name, described(join(source, name))]);
  const store = openPlanStore(planFile(join(data, 'restores'), restoreId));
  if (!store.ok) throw new Error(store.error.message.en);
  const { verified } = store.value.counts();
  const told = store.value.next(['done', 'verified'], 0, FILES * 2, 'contents');
  store.value.close();
  expect(told.length).toBe(verified.files);
  for (const { target } of told) expect(existsSync(target), target).toBe(true);
}
