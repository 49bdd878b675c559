import type { ScrapeConfig } from '#shared/contract/hosts.ts';
import { err, ok, type Result } from '#shared/errors/index.ts';
import { ingestSpec } from './ingest-spec.ts';
import type { InspectExposition, TargetSamples } from './types.ts';

/** Nothing that a job says of samples: what the target gives is to be seen whole. */
const AS_GIVEN = {
  sampleLimit: 0,
  labelLimit: 0,
  labelNameLengthLimit: 0,
  labelValueLengthLimit: 0,
  metricRelabel: [],
};

/** Reads the samples of a body as the target gives them, and says whether a scrape would take it. */
export function readSamples(
  config: ScrapeConfig,
  body: Uint8Array,
  contentType: string | null,
  inspect: InspectExposition,
): Result<TargetSamples> {
  const given = inspect(body, contentType, ingestSpec({ ...config, ...AS_GIVEN }));
  if (!given.ok) return err(given.error);
  const taken = inspect(body, contentType, ingestSpec(config));
  const { samples, series } = given.value;
  return ok({ total: samples, series, error: taken.ok ? null : taken.error });
}
