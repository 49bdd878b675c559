import {
  appendFileSync,
  chmodSync,
  chownSync,
  type Dirent,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** A small generator of pseudo-random numbers (mulberry32, Tommy Ettinger), so that a failing tree can be made again. */
export function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Bytes = Buffer<ArrayBuffer>;

const NAMES = [
  'a',
  'b',
  'A',
  '中文 名',
  'new\nline',
  '-rf',
  "quo'te",
  'back\\slash',
  'x.tar',
  ' ',
  'é',
  'zz',
];
const slash = Buffer.from('/');
const below = (dir: Bytes, name: Bytes): Bytes => Buffer.concat([dir, slash, name]);

/** All paths in a tree, as bytes, with what they are. */
function paths(root: Bytes): { readonly path: Bytes; readonly entry: Dirent<Bytes> }[] {
  return readdirSync(root, { withFileTypes: true, encoding: 'buffer' }).flatMap((entry) => {
    const path = below(root, entry.name as Bytes);
    return [{ path, entry: entry as Dirent<Bytes> }, ...(entry.isDirectory() ? paths(path) : [])];
  });
}

/** Makes a number of random changes in a tree: all that a chain of backups must be able to tell. */
export function mutate(root: string, random: (below: number) => number, changes: number): void {
  const top: Bytes = Buffer.from(root);
  const any = <T>(list: readonly T[]): T | undefined => list[random(list.length || 1)];
  const freshName = (): Bytes =>
    random(8) === 0
      ? Buffer.from([0x66, 0xff, 0x80 + random(64)])
      : Buffer.from(`${NAMES[random(NAMES.length)]}${random(40)}`);
  const content = (): Buffer => Buffer.alloc(random(5) === 0 ? 1_500_000 : random(4000), `${random(1e6)} `);
  for (let done = 0; done < changes; done += 1) {
    const all = paths(top);
    const folders = [top, ...all.filter(({ entry }) => entry.isDirectory()).map(({ path }) => path)];
    const files = all.filter(({ entry }) => entry.isFile()).map(({ path }) => path);
    const folder = any(folders) ?? top;
    const fresh = below(folder, freshName());
    const file = any(files);
    const thing = any(all)?.path;
    const isFree = !all.some(({ path }) => path.equals(fresh));
    switch (random(16)) {
      case 0:
      case 1:
        if (isFree) writeFileSync(fresh, content());
        break;
      case 2:
        if (isFree) mkdirSync(fresh);
        break;
      case 3:
        if (file) writeFileSync(file, content());
        break;
      case 4:
        if (file) appendFileSync(file, content());
        break;
      case 5:
        if (file) utimesSync(file, 1.5e9 + random(1e8), 1.5e9 + random(1e8) + 0.25);
        break;
      case 6:
        if (file) chmodSync(file, 0o600 + random(0o177));
        break;
      case 7:
        if (folder !== top) chmodSync(folder, 0o700 + random(0o77));
        break;
      case 8:
        // Renames, of folders with all in them too; into itself it cannot go.
        if (thing && isFree && !fresh.subarray(0, thing.length).equals(thing)) renameSync(thing, fresh);
        break;
      case 9:
        if (thing) rmSync(thing, { recursive: true });
        break;
      case 10:
        if (file && isFree) linkSync(file, fresh);
        break;
      case 11:
        if (isFree) symlinkSync(random(2) ? 'a1' : Buffer.from([0x6c, 0xff]), fresh);
        break;
      case 12: {
        // Something of another kind under the same name.
        if (!thing) break;
        const isFolder = lstatSync(thing).isDirectory();
        rmSync(thing, { recursive: true });
        if (isFolder) random(2) ? writeFileSync(thing, 'was a folder') : symlinkSync('..', thing);
        else {
          mkdirSync(thing);
          writeFileSync(below(thing, Buffer.from('inside')), 'was a file');
        }
        break;
      }
      case 13: {
        // Other content of the same size and time: only ctime tells.
        if (!file) break;
        const { size, mtimeMs } = lstatSync(file);
        writeFileSync(file, Buffer.alloc(size, random(256)));
        utimesSync(file, mtimeMs / 1000, mtimeMs / 1000);
        break;
      }
      case 14:
        if (thing && process.getuid?.() === 0 && !lstatSync(thing).isSymbolicLink())
          chownSync(thing, random(3), random(3));
        break;
      default:
        // A file takes another's place.
        if (file && thing && lstatSync(thing).isFile()) renameSync(file, thing);
    }
  }
  for (const { path, entry } of paths(top))
    if (entry.isSymbolicLink() && random(5) === 0) lutimesSync(path, 1.4e9, 1.4e9 + random(1e6));
}

/** A tree to begin with. */
export function firstTree(root: string, random: (below: number) => number): void {
  mkdirSync(join(root, 'deep/er/est'), { recursive: true });
  writeFileSync(join(root, 'deep/er/est/file'), 'deep');
  writeFileSync(join(root, 'a-b'), 'sorts between a and a/');
  mkdirSync(join(root, 'a'));
  writeFileSync(join(root, 'a/one'), 'one');
  linkSync(join(root, 'a/one'), join(root, 'a-two'));
  mutate(root, random, 60);
}
