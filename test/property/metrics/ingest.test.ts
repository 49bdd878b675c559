import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openMetrics } from '../../helpers/metrics-area.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const T0 = 1_800_000_000_000;

const name = fc.constantFrom('a', 'ab', 'b', 'c_total');
const labels = fc.constantFrom(
  '',
  '{}',
  '{x="1"}',
  '{x="1",y="2"}',
  '{y="2",x="1"}',
  '{x="1", }',
  ' {x="1"}',
  '{z=""}',
);
const sample = fc
  .tuple(name, labels, fc.constantFrom(' ', '\t', '  '), fc.constantFrom('1', '2.5', 'NaN', '-Inf', '1e3'))
  .map((parts) => parts.join(''));
const line = fc.oneof(
  { weight: 8, arbitrary: sample },
  { weight: 1, arbitrary: fc.constantFrom('', '# HELP a x', '# TYPE b gauge', '# remark', '#') },
  { weight: 1, arbitrary: fc.constantFrom('&', 'a{', 'a x', 'a 1 2 3', 'a{x="1",x="2"} 1') },
);
const body = fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n'));

/** All that an instant query sees at a scrape, and what the scrape reported. */
type Seen = { readonly report: unknown; readonly samples: Record<string, string> };

test('a target that remembers its lines stores what one without memory stores', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(body, { minLength: 1, maxLength: 6 }), async (bodies) => {
      const run = async (fresh: boolean): Promise<Seen[]> => {
        const bench = openMetrics(temporaryFolder(), T0);
        let target = bench.target();
        const seen: Seen[] = [];
        for (const [i, text] of bodies.entries()) {
          bench.now = T0 + i * 15_000;
          // A new target knows no line, and not what was there before.
          if (fresh) target = bench.target();
          const report = target.succeed({
            time: bench.now,
            durationSeconds: 0,
            body: Buffer.from(text),
            contentType: null,
          });
          const samples = await bench.ask('{job="test",__name__!="scrape_series_added"}');
          seen.push({ report: report.ok ? { scraped: report.value.scraped } : report.error, samples });
        }
        bench.area.close();
        return seen;
      };
      const remembering = await run(false);
      const forgetting = await run(true);
      for (const [i, { report, samples }] of remembering.entries()) {
        expect(report).toEqual(forgetting[i]?.report);
        // The one without memory marks nothing stale, so it shows more, and never something else.
        expect(forgetting[i]?.samples).toMatchObject(samples);
      }
    }),
    { numRuns: 60 },
  );
});
