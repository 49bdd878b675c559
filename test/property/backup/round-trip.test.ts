import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openArchive } from '../../../main/engine/backup/archive-reader.ts';
import { writeArchive } from '../../../main/engine/backup/archive-writer.ts';
import { preferredCodec } from '../../../main/engine/backup/codec.ts';
import { localOwnerNames } from '../../../main/engine/backup/owners.ts';
import { verifyArchive } from '../../../main/engine/backup/verify.ts';
import { localXattrReader } from '../../../main/engine/backup/xattrs/xattr-reader.ts';
import { decodePath, encodePath } from '../../../main/engine/platform/raw-path.ts';

/** Names as bytes: any but slash and NUL. `.` and `..` cannot be made. */
const name = fc
  .uint8Array({ minLength: 1, maxLength: 60 })
  .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x61 : byte))))
  .filter((bytes) => !['.', '..'].includes(bytes.toString('latin1')));

/** Sizes around the borders of blocks, small files and frames; content that is cheap to make and not all the same. */
const size = fc.oneof(
  fc.integer({ min: 0, max: 2000 }),
  fc.constantFrom(
    511,
    512,
    513,
    (1 << 20) - 1,
    1 << 20,
    (1 << 20) + 1,
    (2 << 20) - 1024,
    2 << 20,
    (4 << 20) + 7,
  ),
);

type Node =
  | {
      readonly kind: 'file';
      readonly name: Buffer;
      readonly size: number;
      readonly seconds: number;
      /** Value of an extended attribute; null for a file without. */
      readonly attribute: Uint8Array | null;
    }
  | { readonly kind: 'link'; readonly name: Buffer; readonly target: Buffer }
  | { readonly kind: 'dir'; readonly name: Buffer; readonly children: readonly Node[] };

const { tree } = fc.letrec<{ tree: readonly Node[]; node: Node }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'tree' },
    fc.record({
      kind: fc.constant('file' as const),
      name,
      size,
      seconds: fc.integer({ min: -2e9, max: 4e9 }),
      attribute: fc.option(fc.uint8Array({ minLength: 1, maxLength: 200 }), { freq: 3 }),
    }),
    fc.record({ kind: fc.constant('link' as const), name, target: name }),
    fc.record({ kind: fc.constant('dir' as const), name, children: tie('tree') }),
  ),
  tree: fc.array(tie('node'), { maxLength: 6 }),
}));

function content(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 4096)
    bytes.write(createHash('sha256').update(`${length}.${at}`).digest('hex'), at);
  return bytes;
}

/** Through `xargs`, because arguments of the runtime are text and names need not be. */
function setAttribute(path: Buffer, value: Buffer): void {
  const args = ['-0', 'setfattr', '-n', 'user.any', '-v', `0x${value.toString('hex')}`, '--'];
  const ran = spawnSync('xargs', args, { input: path, encoding: 'utf8' });
  if (ran.error !== undefined || ran.status !== 0)
    throw new Error(`this test needs Debian's "attr" and a file system with attributes: ${ran.stderr}`);
}

function make(dir: Buffer, nodes: readonly Node[]): void {
  mkdirSync(dir);
  const used = new Set<string>();
  for (const node of nodes) {
    const key = node.name.toString('hex');
    if (used.has(key)) continue;
    used.add(key);
    const path = Buffer.concat([dir, Buffer.from('/'), node.name]);
    if (node.kind === 'dir') make(path, node.children);
    else if (node.kind === 'link') symlinkSync(node.target, path);
    else {
      writeFileSync(path, content(node.size));
      if (node.attribute !== null) setAttribute(path, Buffer.from(node.attribute));
      utimesSync(path, node.seconds, node.seconds + 0.25);
    }
  }
}

describe('any tree', () => {
  it('comes back from GNU tar, and from the reader, as it was', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(tree, async (nodes) => {
        const dir = mkdtempSync(join(tmpdir(), 'hmtt-tree-'));
        try {
          const source = join(dir, 'source');
          make(Buffer.from(source), nodes);
          const parts = {
            archive: join(dir, 'a.tar.zst'),
            manifest: join(dir, 'a.manifest.ndjson.zst'),
            sums: join(dir, 'sums'),
          };
          const id = randomUUID();
          const written = await writeArchive(
            {
              header: {
                id,
                plan: 'p',
                type: 'full',
                parent: null,
                base: null,
                host: 'h',
                tool: 't',
                startedAt: 0,
                exclude: [],
                encryption: null,
              },
              sources: [source],
              since: null,
              targetDir: join(dir, 'elsewhere'),
              parts,
            },
            {
              codec: preferredCodec(),
              owners: localOwnerNames(),
              now: () => 0,
              xattrs: localXattrReader(),
              breath: async () => undefined,
            },
          );
          expect(written.skipped).toEqual([]);

          const out = join(dir, 'out');
          mkdirSync(out);
          const shell = `zstd -dc "$1" | tar --xattrs --warning=no-timestamp -xpf - -C "$2" && cd "$2" && { [ ! -s .hmtt-archive/SHA256SUMS ] || sha256sum --quiet --strict -c .hmtt-archive/SHA256SUMS; }`;
          const ran = spawnSync('sh', ['-c', shell, 'sh', parts.archive, out], { encoding: 'utf8' });
          expect(ran.stderr).toBe('');
          expect(ran.status).toBe(0);
          const list = (root: string): string => {
            const format = `-type d -printf '%P %y %m %T@\\0' -o -printf '%P %y %s %m %T@ %l\\0'`;
            return spawnSync('sh', ['-c', `cd "$1" && find . ${format} | sort -z`, 'sh', root], {
              encoding: 'latin1',
            }).stdout;
          };
          const attributes = (root: string): string =>
            spawnSync(
              'sh',
              [
                '-c',
                'cd "$1" && find . -print0 | sort -z | xargs -0 getfattr -h -d -m - -e hex --',
                'sh',
                root,
              ],
              { encoding: 'latin1' },
            ).stdout;
          expect(attributes(join(out, source))).toBe(attributes(source));
          expect(list(source)).toContain(' d ');
          expect(list(join(out, source))).toBe(list(source));

          const opened = await openArchive(parts.archive);
          if (!opened.ok) throw new Error(opened.error.message.en);
          const found = await verifyArchive(opened.value, written.manifestSha256, async () => undefined);
          expect(found.damaged).toEqual([]);
          for await (const entry of opened.value.entries()) {
            if (entry.type !== 'file') continue;
            const pieces: Uint8Array[] = [];
            for await (const piece of opened.value.readFile(entry)) pieces.push(piece);
            const real = readFileSync(Buffer.concat([Buffer.from('/'), encodePath(entry.path)]));
            expect(Buffer.concat(pieces).equals(real)).toBe(true);
          }
          await opened.value.close();
          expect(readdirSync(dir).sort()).toEqual([
            'a.manifest.ndjson.zst',
            'a.tar.zst',
            'out',
            'source',
            'sums',
          ]);
        } finally {
          rmSync(dir, { recursive: true, force: true });
        }
      }),
      { numRuns: Number(process.env.HMTT_PROPERTY_RUNS ?? 40) },
    );
  });
});

describe('any name', () => {
  it('is kept byte for byte, through JSON too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const path = decodePath(Buffer.from(bytes));
        expect(encodePath(path)).toEqual(Buffer.from(bytes));
        expect(encodePath(JSON.parse(JSON.stringify(path)) as string)).toEqual(Buffer.from(bytes));
        if (path.isWellFormed()) expect(Buffer.from(path).equals(Buffer.from(bytes))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('is another string when it is other bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ maxLength: 4 }), (a, b) => {
        const same = Buffer.from(a).equals(Buffer.from(b));
        expect(decodePath(Buffer.from(a)) === decodePath(Buffer.from(b))).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });
});
