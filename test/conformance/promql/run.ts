/**
 * `npm run fuzz:promql`: expressions and data at random, each question put to Debian's Prometheus and to the console.
 *
 *   --seed N          the same seed asks the same questions; without one it is taken from the clock and printed
 *   --comparisons N   how many, 20,000 unless given
 *   --minutes N       stops after so long
 *   --case R:I        only case I of round R, as printed with a difference
 *   --data            makes the data of a difference smaller too
 *
 * The exit code is 1 when there was a difference that is not explained.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    comparisons: { type: 'string' },
    minutes: { type: 'string' },
    case: { type: 'string' },
    data: { type: 'boolean' },
  },
});

const seed = Number(values.seed ?? Date.now() % 1_000_000);
console.log(`seed ${seed}`);
const [round, only] = values.case?.split(':').map(Number) ?? [];
const report = await fuzz({
  seed,
  comparisons: Number(values.comparisons ?? (values.minutes === undefined ? 20_000 : 1e9)),
  log: console.log,
  shrinkData: values.data === true,
  ...(values.minutes === undefined ? {} : { deadline: performance.now() + Number(values.minutes) * 60_000 }),
  ...(round === undefined || only === undefined ? {} : { round, only }),
});
const rate = report.comparisons / (report.milliseconds / 1000);
for (const one of report.explained) console.log(`explained: ${one}`);
console.log(
  `${report.comparisons} comparisons (${report.instants} at one time, the others over a range; ${report.refused} refused ` +
    `by both), ${report.explained.length} explained, ${report.differences.length} unexplained, ` +
    `${(report.milliseconds / 1000).toFixed(0)} s, ${rate.toFixed(0)}/s`,
);
process.exitCode = report.differences.length > 0 ? 1 : 0;
