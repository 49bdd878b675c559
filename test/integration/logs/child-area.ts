import { openArea } from './helpers.ts';

/** A process of its own that follows the logs of a data folder until it is killed: `child-area.ts DIR [UID]`. */
const [dir = '', uid] = process.argv.slice(2);
if (uid !== undefined) {
  process.setgid?.(Number(uid));
  process.setuid?.(Number(uid));
}
const area = openArea(dir);
process.stdout.write('ready\n');
process.on('SIGTERM', () => {
  void area.close().then(() => process.exit(0));
});
let last = '';
setInterval(() => {
  // What the sources say, whenever it changes, for tests that watch this process.
  const text = JSON.stringify(
    area.area
      .sources()
      .map(({ lines, error, files }) => ({ lines, error: error?.code ?? files[0]?.error?.code })),
  );
  if (text !== last) process.stdout.write(`${text}\n`);
  last = text;
}, 100);
