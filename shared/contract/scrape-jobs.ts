import * as z from 'zod';
import { MOST_RELABEL_RULES } from '../domain/relabel/rule.ts';
import { appErrorSchema } from '../errors/app-error.ts';
import { bilingual, done, nothing, request } from './define.ts';
import { discoveryFileSchema } from './discovery.ts';
import { relabelRuleSchema, scrapeConfigSchema, targetSchema } from './hosts.ts';

/** Targets that are listed together, with the labels that all of them get. */
const listedGroupSchema = z.object({
  targets: z.array(z.string().max(2_000)).max(10_000),
  labels: z.record(z.string(), z.string()),
});
export type ListedGroup = z.infer<typeof listedGroupSchema>;

/** Files that list targets: patterns with full paths, and how often they are read even when nobody tells of a change. */
const fileDiscoverySchema = z.object({
  files: z.array(z.string().min(1).max(4_000)).min(1).max(100),
  refreshMs: z.int().min(1_000).max(86_400_000),
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
const scrapeJobViewSchema = z.object({
  job: scrapeJobSchema,
  /** Its rules as they stand in a prometheus.yml; empty when it has none. */
  relabelText: z.string(),
  metricRelabelText: z.string(),
  /** Targets that are scraped, and those that were listed once and are not any more. */
  targets: z.int(),
  gone: z.int(),
  /** Files of `file_sd_configs`, and patterns without any. */
  files: z.array(discoveryFileSchema),
});
export type ScrapeJobView = z.infer<typeof scrapeJobViewSchema>;

const labels = z.record(z.string(), z.string());

/** What rules did to the labels of a target or a sample, rule by rule; rules that changed nothing are left out. */
const tracedSchema = z.object({
  before: labels,
  steps: z.array(
    z.object({
      /** From 1. */
      rule: z.int(),
      set: labels,
      removed: z.array(z.string()),
    }),
  ),
});

/** A listed target on its way through the rules. */
const previewedTargetSchema = tracedSchema.extend({
  /** As it is listed. */
  address: z.string(),
  /** The file that lists it; null for the job itself. */
  file: z.string().nullable(),
  outcome: z.discriminatedUnion('kind', [
    /** `isNew`: no target of the job has these labels now, so that new series begin. */
    z.object({ kind: z.literal('target'), url: z.string(), labels, isNew: z.boolean() }),
    z.object({ kind: z.literal('dropped'), rule: z.int() }),
    z.object({ kind: z.literal('wrong'), why: bilingual }),
  ]),
});
export type PreviewedTarget = z.infer<typeof previewedTargetSchema>;

/** A sample on its way through the rules. */
const previewedSampleSchema = tracedSchema.extend({
  outcome: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('kept'), labels }),
    z.object({ kind: z.literal('dropped'), rule: z.int() }),
  ]),
});
export type PreviewedSample = z.infer<typeof previewedSampleSchema>;

const limit = z.int().min(0);

/** Limits of a job's targets; 0 is no limit. */
export const jobLimitsSchema = z.object({
  sampleLimit: limit,
  labelLimit: limit,
  labelNameLengthLimit: limit,
  labelValueLengthLimit: limit,
  bodySizeLimit: limit,
  targetLimit: limit,
});
export type JobLimits = z.infer<typeof jobLimitsSchema>;

/** What is edited of a job: rules as YAML, as below `relabel_configs`, and limits. */
const jobDraftSchema = z.object({
  name: z.string(),
  relabel: z.string().max(200_000),
  metricRelabel: z.string().max(200_000),
  limits: jobLimitsSchema,
});
export type JobDraft = z.infer<typeof jobDraftSchema>;

/** What a draft would do. */
const jobPreviewSchema = z.object({
  /** What is wrong with a text: then nothing below is known. */
  faults: z.array(z.object({ field: z.enum(['relabel', 'metricRelabel']), error: appErrorSchema })),
  /** All targets that are listed, and what becomes of them; `rows` are the first of them. */
  targets: z.object({
    kept: z.int(),
    dropped: z.int(),
    wrong: z.int(),
    /** Targets with labels that no target had, and targets of now that would be gone. */
    added: z.int(),
    gone: z.int(),
    rows: z.array(previewedTargetSchema),
  }),
  /** The samples that one target gives now; null when none was asked for. */
  samples: z
    .object({
      /** Of the target. */
      url: z.string(),
      total: z.int(),
      kept: z.int(),
      dropped: z.int(),
      /** Dropped ones first among the first of them. */
      rows: z.array(previewedSampleSchema),
      /** Why the scrape would be refused with these rules and limits, or the target was not read. */
      error: appErrorSchema.nullable(),
    })
    .nullable(),
});
export type JobPreview = z.infer<typeof jobPreviewSchema>;

/** A job that console.db holds and this version cannot read: its targets stay as they are, its target files are not followed. */
const unreadableJobSchema = z.object({ name: z.string(), error: appErrorSchema });
export type UnreadableJob = z.infer<typeof unreadableJobSchema>;

const jobListSchema = z.object({
  jobs: z.array(scrapeJobViewSchema),
  unreadable: z.array(unreadableJobSchema),
});

export const scrapeJobsRequests = {
  /** Jobs of imported files with the state of their target files. */
  'hosts.jobs.list': request(nothing, jobListSchema),
  /** The targets of a job that are scraped, with what their last scrapes said. */
  'hosts.jobs.targets': request(z.object({ name: z.string() }), z.object({ targets: z.array(targetSchema) })),
  /** Reads the target files of all jobs now. */
  'hosts.jobs.read': request(nothing, jobListSchema),
  /**
   * What other rules and limits would do, to every target that is listed and to the samples that one of them gives now; changes
   * nothing. NOT_FOUND
   */
  'hosts.jobs.preview': request(
    jobDraftSchema.extend({
      /** Id of the target whose samples are to be read. */
      samplesOf: z.string().optional(),
    }),
    jobPreviewSchema,
  ),
  /** Takes other rules and limits over, when all of it is sound. NOT_FOUND, RELABEL_TEXT_REFUSED, DISCOVERY_TARGET_REFUSED */
  'hosts.jobs.save': request(jobDraftSchema, done),
  /** Forgets a job: its targets are gone, what was measured stays. NOT_FOUND */
  'hosts.jobs.remove': request(z.object({ name: z.string() }), done),
};

export const scrapeJobsEvents = {
  /** Jobs, or what is known of their files, have changed. */
  'hosts.jobs.changed': z.object({}),
};
