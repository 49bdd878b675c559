import { afterEach } from 'vitest';
import { openRemote, type RemoteBench } from './remote-bench.ts';
import { temporaryFolder } from './temp-folder.ts';
import { startWriteReceiver, type WriteReceiver } from './write-receiver.ts';

/** Servers to send to and areas that send, closed after each test. */

/** Where the clock of a sender stands at first. */
export const NOW = Date.UTC(2026, 10, 22, 6);

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** Closes something after the test, before what was opened earlier. */
export function closeAfter(close: () => Promise<void>): void {
  open.push(close);
}

/** Starts a server that takes remote writes. */
export async function receiver(): Promise<WriteReceiver> {
  const made = await startWriteReceiver();
  open.push(made.close);
  return made;
}

/** Opens an area that sends, on a folder of its own or again on one. */
export function sender(folder = temporaryFolder(), now = NOW): RemoteBench {
  const made = openRemote(folder, now);
  open.push(made.close);
  return made;
}
