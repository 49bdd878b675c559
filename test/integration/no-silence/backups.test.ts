import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { jobEnd } from '../../helpers/job-end.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';
import { ended, told } from './injected.ts';

test('a plan that never ran, one whose target vanishes, an archive that is gone, a job that fails', async () => {
  const folder = temporaryFolder('no-silence-backups');
  const engine = await startHeadlessEngine(join(folder, 'data'));
  try {
    const source = join(folder, 'source');
    const targetDir = join(folder, 'target');
    mkdirSync(source);
    mkdirSync(targetDir);
    writeFileSync(join(source, 'a'), 'a');
    await engine.call('backup.plans.add', { name: 'core', sources: [source], targetDir });
    const never = { alertname: 'BackupNeverRan', severity: 'warning', plan: 'core' };
    await told(engine, never);

    const run = async (): Promise<string> => {
      const { jobId } = await engine.call('backup.run', { name: 'core' });
      return (await jobEnd(engine, jobId)).state;
    };
    // A file stands where the folder was, so that nobody makes it anew.
    rmSync(targetDir, { recursive: true });
    writeFileSync(targetDir, '');
    const failed = { alertname: 'BackupFailed', severity: 'critical', plan: 'core' };
    expect(await run()).toBe('failed');
    await told(engine, failed);
    rmSync(targetDir);
    mkdirSync(targetDir);
    expect(await run()).toBe('done');
    await ended(engine, failed);
    await ended(engine, never);

    const name = readdirSync(targetDir, { recursive: true })
      .map(String)
      .find((each) => /\.tar/.test(each));
    if (name === undefined) throw new Error('no archive');
    renameSync(join(targetDir, name), join(folder, 'away'));
    const missing = { alertname: 'PointMissing', severity: 'warning', plan: 'core' };
    const { jobId } = await engine.call('backup.verify', { name: 'core' });
    expect((await jobEnd(engine, jobId)).state).toBe('failed');
    await told(engine, missing);
    const job = { alertname: 'JobFailed', kind: 'verify' };
    await told(engine, job);
    renameSync(join(folder, 'away'), join(targetDir, name));
    const again = await engine.call('backup.verify', { name: 'core' });
    expect((await jobEnd(engine, again.jobId)).state).toBe('done');
    await ended(engine, missing);
    await ended(engine, job);
  } finally {
    expect(await engine.stop()).toBe(0);
  }
});
