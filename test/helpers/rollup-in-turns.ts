import { setImmediate as nextTurn } from 'node:timers/promises';
import { buildRollup } from '../../main/engine/metrics/rollup/build.ts';
import type { BuildRollup } from '../../main/engine/metrics/rollup/tasks.ts';

/** Builds files in the thread of the test, with other work between the series. */
export const inTurns: BuildRollup = (order) => {
  let stopped = false;
  return {
    result: buildRollup(order, async () => {
      await nextTurn();
      return !stopped;
    }),
    cancel: () => {
      stopped = true;
    },
  };
};
