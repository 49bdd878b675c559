import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openArchive } from '../../../main/engine/backup/archive-reader.ts';
import { openChain } from '../../../main/engine/backup/chain-reader.ts';
import { HAZARD_TEXT, HazardCheck } from '../../../main/engine/backup/hazards.ts';
import { openPlanStore } from '../../../main/engine/restore/plan-store.ts';
import { planTask } from '../../../main/engine/restore/plan-task.ts';
import type { OpenPoint } from '../../../main/engine/restore/types.ts';
import { noTasks } from '../../helpers/no-tasks.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';
import { craftArchive, craftedEntry } from '../../unit/backup/craft.ts';

const ENTRIES = 1_000_000;
/** Generous for a busy machine; a plan that is quadratic in the size of a folder would take days. */
const LIMIT_MS = 90_000;

const openPoint: OpenPoint = async (archives) => {
  const opened = await openChain(archives);
  if (!opened.ok) return opened;
  const { value: reader } = opened;
  const entries = async function* () {
    const check = new HazardCheck();
    for await (const entry of reader.entries()) {
      const hazard = check.check(entry);
      yield { ...entry, hazard: hazard === null ? null : HAZARD_TEXT[hazard] };
    }
  };
  return {
    ok: true,
    value: {
      sources: reader.sources,
      entries,
      readFile: async function* () {
        // Nothing is read: all files are empty.
      },
      close: reader.close,
    },
  };
};

test('one file out of a folder of a million is planned in bounded time', async () => {
  const root = temporaryFolder('million');
  const archivePath = join(root, 'million.tar.zst');
  await craftArchive(archivePath, Buffer.alloc(512), {
    entries: [
      craftedEntry('x', { type: 'directory', mode: 0o755 }),
      ...Array.from({ length: ENTRIES }, (_, n) => craftedEntry(`x/文件-${String(n).padStart(7, '0')}`)),
    ],
    end: { files: ENTRIES, directories: 1 },
  });
  const manifestSha256 = await hashOf(archivePath);
  const began = performance.now();
  const planned = await planTask(openPoint)(
    {
      file: join(root, 'plan.db'),
      basis: {
        pointId: 'p',
        archives: [{ archivePath, manifestSha256 }],
        place: { kind: 'folder', dir: join(root, 'out') },
        overwrite: 'never',
        selection: ['x/文件-0999999'],
      },
      expectedEntries: ENTRIES,
    },
    {
      signal: new AbortController().signal,
      post: () => undefined,
      onMessage: () => undefined,
      start: noTasks,
    },
  );
  expect(planned.ok ? planned.value.totals.restore : planned.error).toEqual({ files: 1, bytes: 0 });
  expect(performance.now() - began).toBeLessThan(LIMIT_MS);
  const store = openPlanStore(join(root, 'plan.db'));
  if (!store.ok) throw new Error(store.error.message.en);
  // The folder above comes along.
  expect(store.value.page(undefined, 0, 10).total).toBe(2);
  store.value.close();
});

async function hashOf(archivePath: string): Promise<string> {
  const opened = await openArchive(archivePath);
  if (!opened.ok) throw new Error(opened.error.message.en);
  const { manifestSha256 } = opened.value;
  await opened.value.close();
  return manifestSha256;
}
