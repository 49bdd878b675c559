import { closeSync, openSync, writeSync } from 'node:fs';

/**
 * A process of its own that writes numbered lines until it gets SIGTERM, and reopens its file on SIGHUP, as daemons do:
 * `writer.ts FILE LINES_PER_WRITE`. Says how many it wrote when it ends.
 */
const [path = '', perWrite = '20'] = process.argv.slice(2);
let handle = openSync(path, 'a');
let next = 0;

const timer = setInterval(() => {
  let text = '';
  for (let i = 0; i < Number(perWrite); i += 1)
    text += `${new Date().toISOString()} INFO numbered ${String(next++).padStart(7, '0')} end\n`;
  writeSync(handle, text);
}, 3);
process.on('SIGHUP', () => {
  closeSync(handle);
  handle = openSync(path, 'a');
});
process.on('SIGTERM', () => {
  clearInterval(timer);
  process.stdout.write(`${next}\n`, () => process.exit(0));
});
process.stdout.write('ready\n');
