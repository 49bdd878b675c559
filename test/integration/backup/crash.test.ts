import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { BackupType } from '#shared/contract/backup.ts';
import { KIT_FILES } from '../../../main/engine/backup/media/kit-task.ts';
import { isArchiveName } from '../../../main/engine/backup/names.ts';
import { callContext, debian, openHarness, scratch, value } from './harness.ts';
import { killedAfter } from './killed-child.ts';

/** How often the process is killed; a release's full check sets it to 50. */
const KILLS = Number(process.env.HMTT_BACKUP_KILLS ?? 5);

const CHILD = join(import.meta.dirname, 'crash-child.ts');

const isKit = (name: string): boolean => (KIT_FILES as readonly string[]).includes(name);

/** The points that a child acknowledged before it was killed. */
async function acknowledgedUntil(ms: number, dir: string, type: BackupType): Promise<readonly string[]> {
  const { said } = await killedAfter(ms, CHILD, dir, type);
  return [...said.matchAll(/^done (\S+)$/gm)].map((match) => match[1] ?? '');
}

describe('a backup that is killed', () => {
  it.each(['full', 'incremental'] as const)(
    `leaves nothing half under a final name, ${KILLS} times, %s`,
    {
      timeout: 300_000 + 20_000 * KILLS,
    },
    async (type) => {
      const place = scratch('crash');
      onTestFinished(() => place.remove());
      const first = openHarness(place.dir);
      // Many small files, and large ones that span frames.
      const large = join(place.dir, 'large');
      mkdirSync(large);
      for (let index = 0; index < 4; index += 1)
        writeFileSync(join(large, String(index)), randomBytes(9_000_000));
      await first.plan('crash', ['/usr/include/linux', large]);
      expect((await first.run('crash')).error).toBeNull();
      if (type !== 'full') writeFileSync(join(large, '0'), randomBytes(9_000_000));
      const since = performance.now();
      expect((await first.run('crash', type)).error).toBeNull();
      const whole = performance.now() - since;
      await first.close();
      const acknowledged = new Set<string>();
      for (let kill = 0; kill < KILLS; kill += 1) {
        // Spread over a whole run, the moments around publishing included.
        const ms = (whole * 1.2 * (kill + Math.random())) / KILLS;
        for (const id of await acknowledgedUntil(ms, place.dir, type)) acknowledged.add(id);
        const next = openHarness(place.dir);
        await next.area.ready;
        // Every target carries a checklist and a catalogue copy besides its points.
        const names = readdirSync(next.target).filter((name) => !isKit(name));
        expect(names.filter((name) => name.includes('.part'))).toEqual([]);
        const { points } = value(await next.area.handlers['backup.points.list']({}, callContext));
        for (const id of acknowledged) expect(points.map((point) => point.id)).toContain(id);
        // What has a final name is whole, catalogued, and has its sidecars.
        const archives = names.filter(isArchiveName);
        expect(points.map((point) => point.archivePath).sort()).toEqual(
          archives.map((name) => join(next.target, name)).sort(),
        );
        expect(names).toHaveLength(archives.length * 3);
        const indexes = readdirSync(join(place.dir, 'catalogue'));
        expect(indexes.filter((name) => !name.endsWith('.state.db')).sort()).toEqual(
          points.map(({ id }) => `${id}.db`).sort(),
        );
        expect(indexes.filter((name) => name.includes('.part'))).toEqual([]);
        for (const name of archives)
          debian('sha256sum', ['--quiet', '-c', name.replace(/\.tar\.zst$/, '.sha256')], {
            cwd: next.target,
          });
        await next.close();
      }
      const last = openHarness(place.dir);
      expect((await last.run('crash', type)).error).toBeNull();
      expect((await last.verify('crash')).error).toBeNull();
      for (const point of value(await last.area.handlers['backup.points.list']({}, callContext)).points)
        expect(point.chain.brokenBy).toBeNull();
      await last.close();
    },
  );
});
