import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';

/** One file that lists targets of a job, as it was read last. */
export const discoveryFileSchema = z.object({
  job: z.string(),
  /** Full path; or the pattern that no file matches. */
  file: z.string(),
  /** When it was read last, and when its text had changed last; null for a pattern without files. */
  readAt: z.number().nullable(),
  changedAt: z.number().nullable(),
  /** Targets of its last sound version, after relabelling. */
  targets: z.int(),
  /** Targets of it that `relabel_configs` drop. */
  dropped: z.int(),
  /** Why its newest version is not used, or part of it is not. */
  errors: z.array(appErrorSchema),
});
export type DiscoveryFile = z.infer<typeof discoveryFileSchema>;
