import type { AppError } from '#shared/errors/index.ts';
import { type Family, renderFamilies, single } from '../workstation/families.ts';
import type { ProbeAnswer } from './probe.ts';

/** Writes what a check found as an exposition; `probe_success` and `probe_duration_seconds` are in each. */
export function probeAnswer(found: {
  readonly error: AppError | null;
  readonly durationMs: number;
  readonly families: readonly Family[];
}): ProbeAnswer {
  const text = renderFamilies([
    single('probe_success', 'Displays whether or not the probe was a success.', found.error === null ? 1 : 0),
    single(
      'probe_duration_seconds',
      'Returns how long the probe took to complete in seconds.',
      found.durationMs / 1000,
    ),
    ...found.families,
  ]);
  return { body: Buffer.from(text, 'utf8'), error: found.error };
}
