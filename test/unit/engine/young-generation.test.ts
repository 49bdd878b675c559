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
