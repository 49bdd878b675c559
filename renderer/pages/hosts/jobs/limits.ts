import type { JobLimits } from '#shared/contract/scrape-jobs.ts';

/** The limits of a job in the order of the form. */
export const LIMITS = [
  'sampleLimit',
  'bodySizeLimit',
  'labelLimit',
  'labelNameLengthLimit',
  'labelValueLengthLimit',
  'targetLimit',
] as const satisfies readonly (keyof JobLimits)[];

/** What a prometheus.yml calls them. */
export const YAML: Readonly<Record<keyof JobLimits, string>> = {
  sampleLimit: 'sample_limit',
  bodySizeLimit: 'body_size_limit',
  labelLimit: 'label_limit',
  labelNameLengthLimit: 'label_name_length_limit',
  labelValueLengthLimit: 'label_value_length_limit',
  targetLimit: 'target_limit',
};

/** The error that a scrape beyond a limit fails with. */
const CODES: Readonly<Record<string, keyof JobLimits>> = {
  SAMPLE_LIMIT_EXCEEDED: 'sampleLimit',
  SCRAPE_TOO_BIG: 'bodySizeLimit',
  LABEL_LIMIT_EXCEEDED: 'labelLimit',
  LABEL_NAME_TOO_LONG: 'labelNameLengthLimit',
  LABEL_VALUE_TOO_LONG: 'labelValueLengthLimit',
  TARGET_LIMIT_EXCEEDED: 'targetLimit',
};

/** The limit that an error tells of, or null. */
export function limitOf(code: string | undefined): keyof JobLimits | null {
  return code === undefined ? null : (CODES[code] ?? null);
}

/** The limits of some settings alone. */
export function limitsOf(settings: JobLimits): JobLimits {
  const { sampleLimit, bodySizeLimit, labelLimit } = settings;
  const { labelNameLengthLimit, labelValueLengthLimit, targetLimit } = settings;
  return { sampleLimit, bodySizeLimit, labelLimit, labelNameLengthLimit, labelValueLengthLimit, targetLimit };
}
