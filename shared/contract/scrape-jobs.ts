import * as z from 'zod';
import { MOST_RELABEL_RULES } from '../domain/relabel/rule.ts';
import { done, nothing, request } from './define.ts';
import { discoveryFileSchema } from './discovery.ts';
import { relabelRuleSchema, scrapeConfigSchema } from './hosts.ts';

/** Targets that are listed together, with the labels that all of them get. */
export const listedGroupSchema = z.object({
  targets: z.array(z.string().max(2_000)).max(10_000),
  labels: z.record(z.string(), z.string()),
});
export type ListedGroup = z.infer<typeof listedGroupSchema>;

/** Files that list targets: patterns with full paths, and how often they are read even when nobody tells of a change. */
export const fileDiscoverySchema = z.object({
  files: z.array(z.string().min(1).max(4_000)).min(1).max(100),
  refreshMs: z.number().int().min(1_000).max(86_400_000),
});
export type FileDiscovery = z.infer<typeof fileDiscoverySchema>;

/** One scrape job as a prometheus.yml says it: what its targets are made from, again and again. */
export const scrapeJobSchema = z.object({
  /** What the job says about all its targets; secrets as in a target. */
  settings: scrapeConfigSchema.omit({ address: true, probe: true, overSsh: true }),
  /** `relabel_configs`. */
  relabel: z.array(relabelRuleSchema).max(MOST_RELABEL_RULES).default([]),
  /** `static_configs`. */
  listed: z.array(listedGroupSchema).default([]),
  /** `file_sd_configs`. */
  discovery: z.array(fileDiscoverySchema).default([]),
});
export type ScrapeJob = z.infer<typeof scrapeJobSchema>;

/** A job with what came of it. */
export const scrapeJobViewSchema = z.object({
  job: scrapeJobSchema,
  /** Its rules as they stand in a prometheus.yml; empty when it has none. */
  relabelText: z.string(),
  metricRelabelText: z.string(),
  /** Targets that are scraped, and those that were listed once and are not any more. */
  targets: z.number().int(),
  gone: z.number().int(),
  /** Files of `file_sd_configs`, and patterns without any. */
  files: z.array(discoveryFileSchema),
});
export type ScrapeJobView = z.infer<typeof scrapeJobViewSchema>;

export const scrapeJobsRequests = {
  /** Jobs of imported files with the state of their target files. */
  'hosts.jobs.list': request(nothing, z.object({ jobs: z.array(scrapeJobViewSchema) })),
  /** Reads the target files of all jobs now. */
  'hosts.jobs.read': request(nothing, z.object({ jobs: z.array(scrapeJobViewSchema) })),
  /** Forgets a job: its targets are gone, what was measured stays. NOT_FOUND */
  'hosts.jobs.remove': request(z.object({ name: z.string() }), done),
};

export const scrapeJobsEvents = {
  /** Jobs, or what is known of their files, have changed. */
  'hosts.jobs.changed': z.object({}),
};
