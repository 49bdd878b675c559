import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Ingest } from '../../../main/engine/logs/ingest/ingest.ts';
import type { SourceRow } from '../../../main/engine/logs/messages.ts';
import { StoreReader } from '../../../main/engine/logs/store/reader.ts';
import { systemClock } from '../../../main/engine/platform/clock.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

/** Programs that write the very same lines, each into a log of its own. */
const NAMES = ['node-a.log', 'node-b.log', 'node-c.log'];
const lines = (first: number, count: number): string =>
  Array.from({ length: count }, (_, n) => `heartbeat ${first + n} ${'of a cluster '.repeat(5)}\n`).join('');

let dir: string;
let folder: string;
let ingest: Ingest;
let sources: readonly SourceRow[];

const pathOf = (name: string): string => join(dir, 'in', name);
const append = (name: string, first: number, count: number): void =>
  appendFileSync(pathOf(name), lines(first, count));

function open(): void {
  const breathe = () => Promise.resolve(true);
  ingest = new Ingest({ folder, clock: systemClock, tell: () => undefined, breathe });
  ingest.setSources(sources);
}

async function pass(): Promise<void> {
  const done = await ingest.pass(true);
  if (!done.ok) throw new Error(done.error.message.en);
}

/** The numbers stored of each log, in the order in which they stand there. */
function stored(): Record<string, number[]> {
  ingest.close();
  const store = new StoreReader(folder);
  const found: Record<string, number[]> = {};
  const days = store.days();
  for (const day of days.ok ? days.value : []) {
    const heads = day.heads(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, null);
    for (const head of heads.ok ? heads.value : []) {
      const name = head.origin.path.slice(dir.length + '/in/'.length);
      const opened = head.open();
      for (const { raw } of opened.ok ? opened.value : [])
        found[name] = [...(found[name] ?? []), Number(/heartbeat (\d+)/.exec(raw.toString())?.[1])];
    }
  }
  store.close();
  for (const numbers of Object.values(found)) numbers.sort((a, b) => a - b);
  return found;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const source = (id: string, path: string): SourceRow => ({
  id,
  name: id,
  path,
  format: 'plain',
  host: 'h',
  zone: 'UTC',
  from: 'beginning',
});

beforeEach(() => {
  dir = temporaryFolder('twins');
  folder = join(dir, 'logs');
  mkdirSync(folder);
  mkdirSync(join(dir, 'in'));
});
afterEach(() => ingest.close());

describe.each([
  ['a source for each', () => NAMES.map((name) => source(`src-${name}`, pathOf(name)))],
  ['one source for all', () => [source('src-all', `${pathOf('node-')}*`)]],
])('logs with the very same lines, %s', (_name, makeSources) => {
  beforeEach(() => {
    sources = makeSources();
    open();
  });

  it('are each read once when all are rotated while nobody reads', async () => {
    for (const [n, name] of NAMES.entries()) append(name, 0, 100 + 20 * n);
    await pass();
    ingest.abandon();
    for (const [n, name] of NAMES.entries()) {
      append(name, 100 + 20 * n, 60);
      renameSync(pathOf(name), pathOf(`${name}.1`));
      append(name, 160 + 20 * n, 300 - 30 * n);
    }
    open();
    await pass();
    expect(stored()).toEqual(
      Object.fromEntries(NAMES.map((name, n) => [name, upTo(160 + 20 * n + 300 - 30 * n)])),
    );
  });

  it('are each read once when one is rotated away and the others go on', async () => {
    for (const name of NAMES) append(name, 0, 100);
    await pass();
    ingest.abandon();
    renameSync(pathOf('node-a.log'), pathOf('node-a.log.1'));
    append('node-a.log.1', 100, 10);
    append('node-b.log', 100, 400);
    append('node-c.log', 100, 50);
    open();
    await pass();
    append('node-a.log', 110, 200);
    append('node-b.log', 500, 100);
    await pass();
    expect(stored()).toEqual({
      'node-a.log': upTo(310),
      'node-b.log': upTo(600),
      'node-c.log': upTo(150),
    });
  });

  it('are each read once when one is copied and truncated, and its copy compressed', async () => {
    for (const name of NAMES) append(name, 0, 100);
    await pass();
    ingest.abandon();
    append('node-a.log', 100, 40);
    writeFileSync(pathOf('node-a.log.1.gz'), gzipSync(readFileSync(pathOf('node-a.log'))));
    rmSync(pathOf('node-a.log'));
    append('node-a.log', 140, 60);
    append('node-b.log', 100, 200);
    append('node-c.log', 100, 30);
    open();
    await pass();
    expect(stored()).toEqual({
      'node-a.log': upTo(200),
      'node-b.log': upTo(300),
      'node-c.log': upTo(130),
    });
  });
});
