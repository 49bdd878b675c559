import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env, stdout } from 'node:process';
import { expect, test } from 'vitest';
import { usageOf } from '../../helpers/process-usage.ts';
import { startSshd } from '../../helpers/sshd.ts';
import { startTcpValve } from '../../helpers/tcp-valve.ts';
import { backUp, execute, plan, undoPlan, withEngine } from './harness.ts';

/** Many small files restored to a host over Debian's sshd, and undone: complete, listed in pages, in bounded memory. */

/** `HMTT_HOST_FILES=100000` is a large host; it is told what each step took then. */
const ASKED = env.HMTT_HOST_FILES;
/** How far away the host is: everything takes so long in each direction. */
const DELAY_MS = Number(env.HMTT_HOST_DELAY_MS ?? 0);
const FILES = Number(ASKED ?? 600);
const A_FOLDER = 100;
const FOLDERS = Math.ceil(FILES / A_FOLDER);
const SECONDS = 1_700_000_000;
/** The engine's memory at most, MiB, however many they are. */
const MOST_MIB = 400;

test(`${FILES} files come to a host, are all listed, proven and taken back`, {
  timeout: 3_600_000,
}, async () => {
  await withEngine(async (engine, root) => {
    let at = performance.now();
    const told = (what: string): void => {
      if (ASKED === undefined) return;
      const { cpuSeconds, rss, peakRss } = usageOf(engine.pid);
      const mib = (bytes: number): string => `${Math.round(bytes / (1 << 20))} MiB`;
      const seconds = ((performance.now() - at) / 1000).toFixed(1);
      stdout.write(
        `${what}: ${seconds} s; engine ${cpuSeconds.toFixed(1)} s of processor so far, ${mib(rss)} now, ${mib(peakRss)} at most\n`,
      );
      at = performance.now();
    };
    const source = join(root, 'source');
    const textOf = (n: number): string => `file ${n} ${'·'.repeat(n % 300)}\n`;
    for (let folder = 0; folder < FOLDERS; folder += 1) {
      const dir = join(source, `目录-${folder}`);
      mkdirSync(dir, { recursive: true });
      for (let n = folder * A_FOLDER; n < Math.min(FILES, (folder + 1) * A_FOLDER); n += 1) {
        writeFileSync(join(dir, `a file ${n}`), textOf(n));
        utimesSync(join(dir, `a file ${n}`), SECONDS, SECONDS);
      }
    }
    told('made');
    const sshd = await startSshd(join(root, 'sshd'));
    const way = await startTcpValve(sshd.port, DELAY_MS);
    try {
      const { id: login } = await engine.call('ssh.logins.put', {
        ...{ id: null, name: 'app-1', host: '127.0.0.1', port: way.port, user: sshd.user, via: null },
        auth: { kind: 'key', keyFile: sshd.keyFile, passphraseFile: null },
      });
      const { unknownKey } = await engine.call('ssh.logins.test', { id: login });
      if (unknownKey !== null) await engine.call('ssh.hostKeys.trust', unknownKey);
      const pointId = await backUp(engine, 'core', source, join(root, 'target'));
      told('backed up');
      const to = join(root, 'host');
      const input = { pointId, targetDir: to, toHost: login, strip: source.slice(1) } as const;
      const first = await plan(engine, input);
      told('planned');
      expect(first.totals.restore.files).toBe(FILES);
      // The last page of the preview is as good as the first.
      const items = await engine.call('restore.plan.items', { planId: first.id, offset: FILES, limit: 100 });
      expect(items.total).toBeGreaterThan(FILES);
      expect(items.items.length).toBeGreaterThan(0);
      const done = await execute(engine, first);
      told('restored');
      expect(done.job.error).toBeNull();
      expect(done.evidence).toMatchObject({ outcome: 'verified', verified: FILES, failures: [] });
      for (let n = 0; n < FILES; n += Math.ceil(FILES / 200))
        expect(readFileSync(join(to, `目录-${Math.floor(n / A_FOLDER)}`, `a file ${n}`), 'utf8')).toBe(
          textOf(n),
        );
      const again = await plan(engine, { ...input, overwrite: 'always' });
      told('planned again');
      expect(again.totals).toMatchObject({ restore: { files: 0 }, update: { files: 0 } });
      const back = await undoPlan(engine, { restoreId: done.restoreId });
      told('undo planned');
      const undone = await execute(engine, back);
      told('undone');
      expect(undone.evidence).toMatchObject({ outcome: 'verified', failures: [] });
      expect(readdirSync(root)).not.toContain('host');
      expect(usageOf(engine.pid).peakRss).toBeLessThan(MOST_MIB << 20);
    } finally {
      await way.stop();
      await sshd.stop();
    }
  });
});
