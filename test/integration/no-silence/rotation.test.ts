import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import type { RotationPolicyInput } from '#shared/contract/logs-rotation-policy.ts';
import { startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { jobEnd } from '../../helpers/job-end.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';
import { ended, told } from './injected.ts';

test('every way in which a rotation can fail is told, and ends when it is repaired', async () => {
  const folder = temporaryFolder('no-silence-rotation');
  const engine = await startHeadlessEngine(join(folder, 'data'));
  let holder: ChildProcess | null = null;
  try {
    const log = (name: string): string => join(folder, `${name}.log`);
    const size = { bytes: 1 };
    const now = new Date();
    const today = `${now.getFullYear()}${String(now.getMonth() + 1).padStart(2, '0')}${String(now.getDate()).padStart(2, '0')}`;
    const blocked = join(folder, 'blocked');
    const cases: Record<string, { policy: Partial<RotationPolicyInput>; code: string; repair: () => void }> =
      {
        missing: {
          policy: {},
          code: 'LOG_ROTATION_MISSING',
          repair: () => writeFileSync(log('missing'), 'x\n'),
        },
        held: { policy: { releaseMs: 100 }, code: 'LOG_ROTATION_HELD', repair: () => holder?.kill() },
        reopen: {
          policy: { reopen: { kind: 'command', command: `test -e ${folder}/repaired` } },
          code: 'LOG_ROTATION_REOPEN',
          repair: () => writeFileSync(join(folder, 'repaired'), ''),
        },
        script: {
          policy: { hooks: { before: `test -e ${folder}/repaired` } },
          code: 'LOG_ROTATION_HOOK',
          repair: () => writeFileSync(join(folder, 'repaired'), ''),
        },
        archive: { policy: { dir: blocked }, code: 'FILE_UNREADABLE', repair: () => rmSync(blocked) },
        name: {
          policy: { naming: { style: 'dated' }, compress: 'none' },
          code: 'LOG_ROTATION_NAME_TAKEN',
          repair: () => rmSync(`${log('name')}-${today}`),
        },
      };
    writeFileSync(blocked, 'a file where a folder is to be');
    writeFileSync(`${log('name')}-${today}`, 'taken');
    for (const name of Object.keys(cases)) if (name !== 'missing') writeFileSync(log(name), `${name}\n`);
    holder = spawn('/bin/sh', ['-c', 'exec 3>>"$0"; exec sleep 120', log('held')], { stdio: 'ignore' });
    mkdirSync(join(folder, 'unused'));
    for (const [name, { policy }] of Object.entries(cases))
      await engine.call('rotation.policies.put', { name, paths: [log(name)], when: size, ...policy });
    const labels = (name: string, code: string) => ({ alertname: 'RotationFailed', policy: name, code });
    for (const [name, { code }] of Object.entries(cases)) await told(engine, labels(name, code));
    for (const { repair } of Object.values(cases)) repair();
    await jobEnd(engine, (await engine.call('rotation.run', { onlyDue: true })).jobId);
    for (const [name, { code }] of Object.entries(cases)) await ended(engine, labels(name, code));
  } finally {
    holder?.kill('SIGKILL');
    await engine.stop();
  }
});
