import type { ScrapeConfig } from '#shared/contract/hosts.ts';
import type { ScrapeTargetSpec } from './scrape-sink.ts';

/** What the store must know about a target that is scraped in this way. */
export function ingestSpec(config: ScrapeConfig): ScrapeTargetSpec {
  return {
    labels: { job: config.job, instance: config.address, ...config.labels },
    honorLabels: config.honorLabels,
    honorTimestamps: config.honorTimestamps,
    sampleLimit: config.sampleLimit,
    labelLimits: {
      labelLimit: config.labelLimit,
      labelNameLengthLimit: config.labelNameLengthLimit,
      labelValueLengthLimit: config.labelValueLengthLimit,
    },
    metricRelabel: config.metricRelabel,
  };
}
