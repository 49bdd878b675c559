import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

const MIB = 1 << 20;
/** Text that pieces are cut from; long enough that a compressor does not see the same piece twice in its window. */
const TEXT_BYTES = 8 * MIB;
const FOLDERS = 150;

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function noise(random: () => number, bytes: number): Buffer {
  const words = new Uint32Array(Math.ceil(bytes / 4));
  for (let i = 0; i < words.length; i += 1) words[i] = random() * 4_294_967_296;
  return Buffer.from(words.buffer, 0, bytes);
}

function words(random: () => number, bytes: number): Buffer {
  const known = Array.from({ length: 4_000 }, () =>
    Array.from({ length: 2 + Math.floor(random() * 9) }, () =>
      String.fromCharCode(97 + Math.floor(random() * 26)),
    ).join(''),
  );
  const text = Buffer.alloc(bytes, ' ');
  for (let at = 0; at < bytes; ) {
    const word = known[Math.floor(random() * known.length)] ?? '';
    text.write(word, at, 'latin1');
    at += word.length + 1;
  }
  return text;
}

/** Contents that are the same in every run: four fifths words, one fifth noise that no compressor makes smaller. */
export class Corpus {
  readonly #random = numbers(20_261_122);
  readonly #text = words(this.#random, TEXT_BYTES);

  #content(bytes: number, isNoise: boolean): Buffer {
    if (isNoise) return noise(this.#random, bytes);
    const at = Math.floor(this.#random() * (TEXT_BYTES - bytes));
    return this.#text.subarray(at, at + bytes);
  }

  /** Median 5 KiB, some of hundreds: a logarithmic normal distribution, as file systems have it. */
  #fileBytes(): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random());
    return Math.floor(Math.min(Math.exp(8.6 + 1.3 * normal), 300_000));
  }

  /** Makes `files` small files in 1,050 folders, and three files of 100 MiB. */
  makeTree(root: string, files: number): void {
    for (let n = 0; n < FOLDERS * 7; n += 1)
      mkdirSync(join(root, `d${n % FOLDERS}`, `s${n % 7}`), { recursive: true });
    for (let n = 0; n < files; n += 1) writeFileSync(smallFile(root, n), this.#small(n));
    mkdirSync(join(root, 'large'));
    for (let n = 0; n < 3; n += 1) this.#pieces(join(root, 'large', `${n}.bin`), 100, n === 0);
  }

  #small(n: number): Buffer {
    return this.#content(this.#fileBytes(), n % 5 === 4);
  }

  #pieces(path: string, mebibytes: number, isNoise: boolean): void {
    const fd = openSync(path, 'w');
    try {
      for (let n = 0; n < mebibytes; n += 1) writeSync(fd, this.#content(MIB, isNoise));
    } finally {
      closeSync(fd);
    }
  }

  /** Writes new content to `count` of the small files; which ones depends on `round`. Returns the bytes written. */
  changeFiles(root: string, files: number, count: number, round: number): number {
    let bytes = 0;
    for (let n = 0; n < count; n += 1) {
      const content = this.#content(this.#fileBytes(), false);
      writeFileSync(smallFile(root, (n * 179 + round * 31) % files), content);
      bytes += content.length;
    }
    return bytes;
  }

  /** A log of so many MiB. */
  makeLog(path: string, mebibytes: number): void {
    this.#pieces(path, mebibytes, false);
  }

  /** Appends 1 MiB. Returns the bytes appended. */
  appendLog(path: string): number {
    appendFileSync(path, this.#content(MIB, false));
    return MIB;
  }
}

/** Path of the small file `n`. */
export function smallFile(root: string, n: number): string {
  return join(root, `d${n % FOLDERS}`, `s${n % 7}`, `f${n}.txt`);
}

/** Makes `files` tiny files, a thousand in each folder; each has the time of its number, so that all differ. */
export function makeMany(root: string, files: number): void {
  for (let n = 0; n < files; n += 1) {
    const folder = join(root, `${Math.floor(n / 1_000)}`);
    if (n % 1_000 === 0) mkdirSync(folder, { recursive: true });
    const path = join(folder, `entry-${n}.txt`);
    writeFileSync(path, `${n}\n`);
    utimesSync(path, 1_700_000_000 + n, 1_700_000_000 + n);
  }
}
