import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { gzipSync } from 'node:zlib';

/**
 * A process of its own that writes numbered lines and rotates its file itself, much faster than any logrotate and
 * without losing a line: `rotating-writer.ts FILE rename|copytruncate plain|compress SECONDS GO`. It begins to rotate
 * when the file GO is there, and says how many lines it wrote when it ends.
 */
const [path = '', way = 'rename', packing = 'plain', seconds = '3', go = ''] = process.argv.slice(2);
const suffix = packing === 'compress' ? '.gz' : '';
let handle = openSync(path, 'a');
let next = 0;

function nap(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function write(): void {
  let text = '';
  for (let i = 0; i < 20; i += 1)
    text += `${new Date().toISOString()} INFO numbered ${String(next++).padStart(7, '0')} end\n`;
  writeSync(handle, text);
}

/** A copy that takes its time, so that a reader meets it empty and half done. */
function copySlowly(): void {
  if (Math.random() < 0.3) {
    copyFileSync(path, `${path}.1`);
    return;
  }
  const copy = openSync(`${path}.1`, 'w');
  nap(Math.random() * 30);
  const bytes = readFileSync(path);
  const step = Math.max(512, Math.floor(bytes.length / 3));
  for (let at = 0; at < bytes.length; at += step) {
    writeSync(copy, bytes.subarray(at, at + step));
    if (Math.random() < 0.3) nap(Math.random() * 20);
  }
  closeSync(copy);
}

function rotate(): void {
  let last = 1;
  while (existsSync(`${path}.${last}${suffix}`)) last += 1;
  for (let n = last; n > 1; n -= 1) renameSync(`${path}.${n - 1}${suffix}`, `${path}.${n}${suffix}`);
  if (way === 'copytruncate') {
    copySlowly();
    truncateSync(path);
  } else {
    renameSync(path, `${path}.1`);
    closeSync(handle);
    handle = openSync(path, 'a');
  }
  if (packing !== 'compress') return;
  const { atime, mtime } = statSync(`${path}.1`);
  writeFileSync(`${path}.1.gz`, gzipSync(readFileSync(`${path}.1`)));
  utimesSync(`${path}.1.gz`, atime, mtime);
  rmSync(`${path}.1`);
}

process.stdout.write('ready\n');
// The reader is to see the file once; a rotation before that would be none of its business.
while (!existsSync(go)) {
  write();
  nap(20);
}
const end = Date.now() + Number(seconds) * 1000;
let rotateAt = Date.now();
while (Date.now() < end) {
  write();
  nap(2);
  if (Date.now() < rotateAt) continue;
  rotate();
  rotateAt = Date.now() + (Math.random() < 0.3 ? 10 : Math.random() * 200);
}
process.stdout.write(`${next}\n`);
