import * as z from 'zod';
import { id, request, timestamp } from './define.ts';
import { expressionSchema } from './metrics.ts';

const path = z.string().min(1).max(4096);

/** What an import or an export came to. */
const transferReportSchema = z.object({
  kind: z.enum(['import', 'export']),
  file: z.string(),
  series: z.int(),
  samples: z.int(),
  /** Samples of the file that were left out because an earlier line had the same series and time. */
  doubled: z.int(),
  /** Times of the first and last sample, UTC milliseconds; null when there was none. */
  start: timestamp.nullable(),
  end: timestamp.nullable(),
});
export type TransferReport = z.infer<typeof transferReportSchema>;

/** Samples in and out of the series store as OpenMetrics documents with time stamps. */
export const openMetricsRequests = {
  /** Reads a file on the engine's machine, all of it or nothing. The job's result names its report. */
  'openmetrics.import': request(z.object({ path }), z.object({ jobId: id })),
  /** Writes the chosen series of [start, end] to a file on the engine's machine; all series when none are chosen. */
  'openmetrics.export': request(
    z.object({
      path,
      matchers: z.array(expressionSchema).max(100).default([]),
      start: timestamp.optional(),
      end: timestamp.optional(),
    }),
    z.object({ jobId: id }),
  ),
  'openmetrics.report': request(z.object({ jobId: id }), transferReportSchema),
};
