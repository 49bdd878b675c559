import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { PATIENCE_MS } from './test/helpers/patience.ts';

const expectOptions = { poll: { timeout: PATIENCE_MS } };

/** Three projects: fast pure tests, tests against real peers, and the real Electron window. */
export default defineConfig({
  test: {
    // Three files at a time also where there are two cores: most tests against real peers wait more than they compute.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: 'unit',
          expect: expectOptions,
          include: [
            'test/unit/**/*.test.ts',
            'test/unit/**/*.test.tsx',
            'test/property/**/*.test.ts',
            'test/conformance/**/*.test.ts',
          ],
          // Properties try hundreds of cases; on a slow machine that has others to run, one takes a quarter of a minute.
          testTimeout: 90_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          expect: expectOptions,
          include: ['test/integration/**/*.test.ts'],
          // What hangs is ended; a slow machine with other things to do takes several times what a free one takes.
          testTimeout: 300_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'e2e',
          expect: expectOptions,
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
