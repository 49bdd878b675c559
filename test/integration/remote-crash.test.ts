import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openRemote } from '../helpers/remote-bench.ts';
import { storedBits } from '../helpers/stored-bits.ts';
import { temporaryFolder } from '../helpers/temp-folder.ts';
import { startWriteReceiver } from '../helpers/write-receiver.ts';

const NOW = Date.UTC(2026, 10, 12, 6);
const child = fileURLToPath(new URL('../helpers/remote-child.ts', import.meta.url));

/** A sequence that is the same in every run, in [0, 1). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

test('kill -9 at any moment of sending: the receiver has everything that is stored, once', async () => {
  const folder = temporaryFolder();
  const receiver = await startWriteReceiver();
  const random = sequence(7);
  // Now and then the receiver is away, so that segments are written and read too.
  receiver.judge = (response) => {
    if (random() > 0.02) return true;
    response.writeHead(503, { 'retry-after': '1' });
    response.end();
    return false;
  };
  let taken = 0;
  for (let round = 0; round < 12; round++) {
    const process_ = spawn(
      process.execPath,
      [child, folder, receiver.url, String(NOW + round * 86_400_000)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const gone = new Promise((resolve) => process_.once('close', resolve));
    await new Promise((resolve) => process_.stdout.once('data', resolve));
    await new Promise((resolve) => setTimeout(resolve, 150 + random() * 1_200));
    process_.kill('SIGKILL');
    await gone;
    taken = Math.max(taken, receiver.taken.size);
  }
  expect(taken).toBeGreaterThan(0);
  const bench = openRemote(folder, NOW + 20 * 86_400_000);
  await bench.drained(60_000);
  const { samplesGivenUp, samplesRefused } = bench.state();
  expect({ samplesGivenUp, samplesRefused }).toEqual({ samplesGivenUp: 0, samplesRefused: 0 });
  const stored = storedBits(bench.metrics);
  // How much a process stores before it is killed is the machine's; here it only has to be something to compare.
  expect([...stored.values()].flat().length).toBeGreaterThan(500);
  // What is known twice would be refused by the receiver, what is lost would be missing here.
  expect([...receiver.taken].sort()).toEqual([...stored].sort());
  await bench.close();
  await receiver.close();
});
