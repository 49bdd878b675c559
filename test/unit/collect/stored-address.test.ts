import { expect, test } from 'vitest';
import { storedScrapeConfigSchema } from '#shared/contract/hosts.ts';
import { ok } from '#shared/errors/index.ts';
import { createCollectArea } from '../../../main/engine/collect/index.ts';
import type { ScrapeOutcome } from '../../../main/engine/collect/types.ts';
import { fakeTime } from '../../helpers/fake-time.ts';
import { silentLogger } from '../../helpers/silent-logger.ts';

/** Scrapes a target once; gives what was told of it, and how often it was stored as down. */
async function scrapeOnce(config: object): Promise<{ outcome: ScrapeOutcome; failures: number }> {
  const time = fakeTime(1_700_000_000_000);
  const report = ok({ scraped: 0, added: 0, seriesAdded: 0 });
  let failures = 0;
  const collect = createCollectArea({
    sink: {
      openTarget: () => ({
        succeed: () => report,
        fail: () => {
          failures += 1;
          return report;
        },
        end: () => undefined,
      }),
    },
    inspect: () => ok({ samples: 0, kept: 0, names: [], series: [] }),
    clock: time.clock,
    timers: time.timers,
    logger: silentLogger,
  });
  const told = new Promise<ScrapeOutcome>((resolve) => collect.watch(resolve));
  collect.setTargets([{ id: 'old', kind: 'http', config: storedScrapeConfigSchema.parse(config) }]);
  time.advance(1_000);
  const outcome = await told;
  await collect.close();
  return { outcome, failures };
}

test.each([
  ['a scrape', {}],
  ['a check of the port', { probe: { kind: 'tcp' } }],
])('%s of a stored address that cannot be asked is down and says why', async (_what, more) => {
  const { outcome, failures } = await scrapeOnce({ job: 'node', address: 'app-1:99999', ...more });
  expect(outcome.error).toMatchObject({ code: 'SCRAPE_BAD_ADDRESS' });
  expect(outcome.error?.message.en).toContain('app-1:99999');
  expect(failures).toBe(1);
});

test('what only looks like an IPv4 address is such a one', async () => {
  const { outcome } = await scrapeOnce({ job: 'node', address: '10.0.0.300:9100' });
  expect(outcome.error?.code).toBe('SCRAPE_BAD_ADDRESS');
});
