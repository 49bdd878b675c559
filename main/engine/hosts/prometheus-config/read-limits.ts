import type { ScrapeConfig } from '#shared/contract/hosts.ts';
import type { Field, NodeReader } from './node-reader.ts';

/** How far a scrape of a job may go. */
export type ScrapeLimits = Pick<
  ScrapeConfig,
  | 'sampleLimit'
  | 'bodySizeLimit'
  | 'labelLimit'
  | 'labelNameLengthLimit'
  | 'labelValueLengthLimit'
  | 'targetLimit'
>;

/** The fields of a job, and of `global`, that set a limit; 0 is no limit. */
export const LIMIT_FIELDS = [
  'sample_limit',
  'body_size_limit',
  'label_limit',
  'label_name_length_limit',
  'label_value_length_limit',
  'target_limit',
] as const;

/** No limit at all. */
export const NO_LIMITS: ScrapeLimits = {
  sampleLimit: 0,
  bodySizeLimit: 0,
  labelLimit: 0,
  labelNameLengthLimit: 0,
  labelValueLengthLimit: 0,
  targetLimit: 0,
};

/** Reads the limits of a job or of `global`; one that is absent or 0 is that of `otherwise`, as in Prometheus. */
export function readLimits(
  reader: NodeReader,
  fields: ReadonlyMap<string, Field>,
  otherwise: ScrapeLimits,
): ScrapeLimits {
  const number = (name: (typeof LIMIT_FIELDS)[number], inherited: number): number => {
    const field = fields.get(name);
    return (field ? reader.integer(field) : 0) || inherited;
  };
  const bytes = fields.get('body_size_limit');
  return {
    sampleLimit: number('sample_limit', otherwise.sampleLimit),
    bodySizeLimit: (bytes ? reader.bytes(bytes) : 0) || otherwise.bodySizeLimit,
    labelLimit: number('label_limit', otherwise.labelLimit),
    labelNameLengthLimit: number('label_name_length_limit', otherwise.labelNameLengthLimit),
    labelValueLengthLimit: number('label_value_length_limit', otherwise.labelValueLengthLimit),
    targetLimit: number('target_limit', otherwise.targetLimit),
  };
}
