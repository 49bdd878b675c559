import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const script = `
  import { getHeapSpaceStatistics } from 'node:v8';
  import { setImmediate as turn } from 'node:timers/promises';
  import { boundYoungGeneration } from './main/engine/platform/young-generation.ts';
  if (process.argv[1] === 'bounded') boundYoungGeneration();
  // Objects that outlive a few collections make V8 want more room.
  const kept = [];
  for (let n = 0; n < 40; n++) {
    for (let i = 0; i < 50_000; i++) kept.push({ i });
    await turn();
  }
  const room = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
  console.log(room.space_size / 2 ** 20);
`;

function roomMiB(bounded: string): number {
  const args = ['--input-type=module-typescript', '--no-warnings', '-e', script, bounded];
  return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

test('the room for new objects stops growing', () => {
  const free = roomMiB('free');
  expect(free, 'the objects of this test make it grow').toBeGreaterThan(32);
  expect(roomMiB('bounded')).toBeLessThanOrEqual(32);
});

const threads = `
  import { getHeapSpaceStatistics } from 'node:v8';
  import { Worker } from 'node:worker_threads';
  import { leaveThreadsTheirRoom } from './main/engine/platform/young-generation.ts';
  const room = () => getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size / 2 ** 20;
  if (process.argv[1] === 'taken-back') leaveThreadsTheirRoom();
  const thread = new Worker(
    "const { getHeapSpaceStatistics } = require('node:v8');" +
      "const room = " + room.toString() + ";" +
      "require('node:worker_threads').parentPort.postMessage(room());",
    { eval: true, execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: 12 } },
  );
  thread.once('message', (ofThread) => console.log(JSON.stringify({ own: room(), ofThread })));
`;

function roomsMiB(flags: string): { own: number; ofThread: number } {
  const args = ['--min-semi-space-size=16', '--max-semi-space-size=16', '--input-type=module-typescript'];
  const said = execFileSync(process.execPath, [...args, '--no-warnings', '-e', threads, flags], {
    encoding: 'utf8',
  });
  return JSON.parse(said) as { own: number; ofThread: number };
}

test('threads have the room of their limits, not that of the switches with which the engine starts', () => {
  expect(roomsMiB('kept').ofThread, 'the switches overrule the limits of threads').toBeGreaterThan(12);
  const { own, ofThread } = roomsMiB('taken-back');
  expect(own).toBeGreaterThanOrEqual(16);
  expect(ofThread).toBeLessThanOrEqual(12);
});
