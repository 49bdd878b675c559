import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { bilingual, done, id, nothing, request, timestamp } from './define.ts';
import { logFormatSchema, logLevelSchema } from './logs.ts';
import { logOutputSchema, logsOutputsRequests } from './logs-outputs.ts';

// Pipelines, masking and outputs are asked for together, so that their callers need one import.
export {
  type LogOutput,
  type LogOutputInput,
  type LogOutputState,
  type LogSearchSource,
  logOutputSchema,
  logSearchSourceSchema,
  type RefusedEvent,
  type RemoteLogServer,
  remoteLogServerSchema,
} from './logs-outputs.ts';

/**
 * A condition in Logstash's language: `[level] == "error"`, `"slow" in [tags]`, `[status] >= 500 and [path] =~ /api/`.
 * Fields of an event are its parsed fields, and `message`, `level` (also `loglevel`), `time`, `source`, `host`, `path`,
 * `stream`, `tags`. The engine checks it and names the column of a fault.
 */
const pipelineConditionSchema = z.string().trim().min(1).max(4000);

/** Name of a field, `status` or `[http][status]`. */
const field = z.string().trim().min(1).max(200);
/** Text with `%{field}` and `%{+YYYY.MM.dd}` in it. */
const template = z.string().max(4000);
const tags = z.array(z.string().trim().min(1).max(200)).max(50);
const fields = z.array(field).max(100);
/** An RE2 expression: linear time whatever the line is. */
const pattern = z.string().min(1).max(2000);

/** What every filter can do besides: only if it applies, and after it succeeded. */
const common = {
  /** The filter runs only where this holds. */
  when: pipelineConditionSchema.optional(),
  addField: z.record(field, template).optional(),
  removeField: fields.optional(),
  addTag: tags.optional(),
  removeTag: tags.optional(),
};

/** Name of a log stream, without a date: an index name of Elasticsearch is made of it. */
export const logStreamNameSchema = z
  .string()
  .trim()
  .max(100)
  .regex(/^[a-z0-9][a-z0-9_.-]*$/, 'small letters, digits, and _ . - inside');

/** One filter of a pipeline. Filters and options are those of Logstash's plugins of the same name. */
export const pipelineFilterSchema = z.discriminatedUnion('kind', [
  /** The event is not stored. It is counted. */
  z.object({ kind: z.literal('drop'), ...common }),
  /** Changes of fields, in this order; with none of them it only adds and removes tags and fields. */
  z.object({
    kind: z.literal('mutate'),
    rename: z.record(field, field).optional(),
    /** Sets a field that is there already. */
    update: z.record(field, template).optional(),
    /** Sets a field. */
    replace: z.record(field, template).optional(),
    convert: z.record(field, z.enum(['integer', 'float', 'string', 'boolean'])).optional(),
    gsub: z
      .array(z.object({ field, pattern, with: z.string().max(1000) }))
      .max(50)
      .optional(),
    uppercase: fields.optional(),
    capitalize: fields.optional(),
    lowercase: fields.optional(),
    strip: fields.optional(),
    split: z.record(field, z.string().min(1).max(100)).optional(),
    join: z.record(field, z.string().max(100)).optional(),
    merge: z.record(field, field).optional(),
    copy: z.record(field, field).optional(),
    ...common,
  }),
  /** The first pattern that matches gives the fields; none: the tag `_grokparsefailure`. */
  z.object({
    kind: z.literal('grok'),
    match: z
      .array(z.object({ field, patterns: z.array(pattern).min(1).max(50) }))
      .min(1)
      .max(20),
    overwrite: fields.optional(),
    /** Patterns of one's own, by name. */
    definitions: z.record(z.string().regex(/^\w+$/), pattern).optional(),
    breakOnMatch: z.boolean().optional(),
    keepEmpty: z.boolean().optional(),
    tagOnFailure: tags.optional(),
    ...common,
  }),
  /** Reads a field as the event's time; none of the formats fits: the tag `_dateparsefailure`. */
  z.object({
    kind: z.literal('date'),
    field,
    /** Joda patterns, `ISO8601`, `UNIX`, `UNIX_MS`. */
    formats: z.array(z.string().min(1).max(200)).min(1).max(20),
    zone: z.string().max(64).optional(),
    /** Default: the time of the event itself. */
    target: field.optional(),
    tagOnFailure: tags.optional(),
    ...common,
  }),
  z.object({
    kind: z.literal('json'),
    source: field,
    /** Default: the fields stand beside the others. */
    target: field.optional(),
    skipOnInvalid: z.boolean().optional(),
    tagOnFailure: tags.optional(),
    ...common,
  }),
  z.object({
    kind: z.literal('kv'),
    source: field.optional(),
    target: field.optional(),
    prefix: z.string().max(100).optional(),
    /** Characters of which any one splits; defaults ` ` and `=`. */
    fieldSplit: z.string().min(1).max(20).optional(),
    valueSplit: z.string().min(1).max(20).optional(),
    includeKeys: fields.optional(),
    excludeKeys: fields.optional(),
    defaultKeys: z.record(field, z.string().max(1000)).optional(),
    trimKey: z.string().max(20).optional(),
    trimValue: z.string().max(20).optional(),
    ...common,
  }),
  z.object({
    kind: z.literal('dissect'),
    mapping: z.record(field, z.string().min(1).max(2000)),
    tagOnFailure: tags.optional(),
    ...common,
  }),
  /** Hides what one pattern finds, in the stored line too. Rules for everything: `logs.masking`. */
  z.object({ kind: z.literal('mask'), pattern, replacement: z.string().max(200).optional(), ...common }),
  /** The event belongs to this stream from here on. */
  z.object({ kind: z.literal('stream'), stream: logStreamNameSchema, ...common }),
]);
export type PipelineFilter = z.infer<typeof pipelineFilterSchema>;

/** The first branch whose condition holds is taken, else the last steps. */
export type PipelineIf = {
  kind: 'if';
  branches: { when: string; steps: PipelineStep[] }[];
  otherwise?: PipelineStep[] | undefined;
};
export type PipelineStep = PipelineFilter | PipelineIf;

/** Branches may stand inside each other this deep. */
export const MOST_PIPELINE_DEPTH = 8;

function stepSchema(depth: number): z.ZodType<PipelineStep, PipelineStep> {
  if (depth === 0) return pipelineFilterSchema;
  const steps = z.array(stepSchema(depth - 1)).max(200);
  return z.union([
    z.object({
      kind: z.literal('if'),
      branches: z
        .array(z.object({ when: pipelineConditionSchema, steps }))
        .min(1)
        .max(50),
      otherwise: steps.optional(),
    }),
    pipelineFilterSchema,
  ]);
}

/** Ordered filters for the events of some sources, or of all. */
export const logPipelineSchema = z.object({
  name: z.string().trim().min(1).max(100),
  enabled: z.boolean().default(true),
  /** Names of sources; empty: all. Pipelines that concern a source run in the order of the list. */
  sources: z.array(z.string().min(1).max(100)).max(500).default([]),
  /** What `message` means inside: what the format read, or, as in Logstash, the whole line as long as nothing changed it. */
  message: z.enum(['parsed', 'line']).default('parsed'),
  steps: z.array(stepSchema(MOST_PIPELINE_DEPTH)).max(200),
});
export type LogPipeline = z.infer<typeof logPipelineSchema>;

/** What a filter did since the engine began. `step` counts filters and branches from 1, in the order of reading. */
const pipelineCountsSchema = z.object({
  step: z.int(),
  /** The filter in a few words, as Logstash would write it. */
  label: z.string(),
  in: z.int(),
  dropped: z.int(),
  failed: z.int(),
});
export type PipelineCounts = z.infer<typeof pipelineCountsSchema>;

const shownPipelineSchema = logPipelineSchema.extend({
  id,
  /** Streams to which it routes. */
  streams: z.array(z.string()),
  counts: z.array(pipelineCountsSchema),
  /** Why the newest version is not in force although it is stored; the one before it is. */
  error: appErrorSchema.nullable(),
});
export type ShownPipeline = z.infer<typeof shownPipelineSchema>;

/** An event before or after a pipeline. */
const pipelineEventSchema = z.object({
  text: z.string(),
  time: timestamp,
  level: logLevelSchema,
  message: z.string(),
  fields: z.record(z.string(), z.string()),
  tags: z.array(z.string()),
  stream: z.string(),
});
export type PipelineEvent = z.infer<typeof pipelineEventSchema>;

/** What one filter did to one event. */
const pipelineTrailSchema = z.object({
  step: z.int(),
  label: z.string(),
  /** `masked` stands for the masking rules, which run first, as step 0. */
  effect: z.enum(['changed', 'unchanged', 'failed', 'dropped', 'masked']),
  /** Names of what changed: fields, `message`, `time`, `tags`, `stream`. */
  changed: z.array(z.string()),
});

/** On what a preview is made. */
const pipelineSampleSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('lines'),
    text: z.string().max(200_000),
    format: logFormatSchema.default('auto'),
    zone: z.string().max(64).default(''),
    source: z.string().max(100).default('sample'),
    host: z.string().max(200).default('localhost'),
    path: z.string().max(4096).default('/sample.log'),
  }),
  z.object({
    kind: z.literal('stored'),
    query: z.string().max(4000).default(''),
    limit: z.int().min(1).max(200).default(50),
  }),
]);

const maskingKindSchema = z.enum([
  'password',
  'token',
  'id-number',
  'phone',
  'bank-card',
  'email',
  'ip',
  'pattern',
]);
export type MaskingKind = z.infer<typeof maskingKindSchema>;

/** A rule of masking. The built-in ones have their kind as identifier and no pattern. */
export const maskingRuleSchema = z.object({
  id,
  kind: maskingKindSchema,
  name: z.string().trim().min(1).max(100),
  /** RE2; its first group is hidden, or all of it when there is none. Only of kind `pattern`. */
  pattern: z.string().max(2000).default(''),
  /** What stands in its place. */
  replacement: z.string().max(200),
  /** Before an event is stored: nothing brings it back. */
  atIngest: z.boolean(),
  /** When events leave the console: export, outputs. */
  atExport: z.boolean(),
});
export type MaskingRule = z.infer<typeof maskingRuleSchema>;

const maskedLineSchema = z.object({
  before: z.string(),
  after: z.string(),
  /** What was found in `before`, in UTF-16 units. */
  found: z.array(z.object({ rule: id, start: z.int(), end: z.int() })),
});

/** One thing that an import takes, notes, or refuses. */
const importItemSchema = z.object({ line: z.int(), name: z.string(), text: bilingual });
export type ImportItem = z.infer<typeof importItemSchema>;

const importInput = z.object({ text: z.string().max(1_000_000), fileName: z.string().max(4096).default('') });

export const logsPipelinesRequests = {
  ...logsOutputsRequests,
  'logs.pipelines.list': request(
    nothing,
    z.object({ pipelines: z.array(shownPipelineSchema), streams: z.array(z.string()) }),
  ),
  /** Adds (no id) or replaces one. A fault refuses it whole; what was in force stays so. */
  'logs.pipelines.put': request(
    z.object({ id: id.optional(), pipeline: logPipelineSchema }),
    z.object({ id }),
  ),
  'logs.pipelines.remove': request(z.object({ id }), done),
  /** The order in which they run; names every pipeline once. */
  'logs.pipelines.order': request(z.object({ ids: z.array(id).max(1000) }), done),
  /** Shows event by event what a pipeline would make of them; nothing is stored. */
  'logs.pipelines.preview': request(
    z.object({ pipeline: logPipelineSchema, sample: pipelineSampleSchema }),
    z.object({
      events: z.array(
        z.object({
          before: pipelineEventSchema,
          /** Null: dropped. */
          after: pipelineEventSchema.nullable(),
          trail: z.array(pipelineTrailSchema),
        }),
      ),
    }),
  ),
  'logs.masking.list': request(nothing, z.object({ rules: z.array(maskingRuleSchema) })),
  /** Adds or replaces the rule with this identifier. Built-in rules can be switched and given another replacement. */
  'logs.masking.put': request(maskingRuleSchema.extend({ id: id.optional() }), z.object({ id })),
  'logs.masking.remove': request(z.object({ id }), done),
  /** What these rules (left out: those in force) make of lines. */
  'logs.masking.preview': request(
    z.object({
      lines: z.array(z.string().max(100_000)).max(500),
      rules: z.array(maskingRuleSchema).max(200).optional(),
      at: z.enum(['ingest', 'export']).default('ingest'),
    }),
    z.object({ lines: z.array(maskedLineSchema) }),
  ),
  /** Reads a Logstash configuration and says what of it is taken, what is noted, and what is refused. */
  'logs.logstash.preview': request(
    importInput,
    z.object({
      /** Paths of log files that become sources. */
      sources: z.array(z.object({ path: z.string(), from: z.enum(['beginning', 'end']), line: z.int() })),
      /** Receivers of syslog; they are made switched off. */
      receivers: z.array(
        z.object({
          name: z.string(),
          protocol: z.enum(['udp', 'tcp']),
          address: z.string(),
          port: z.int(),
          line: z.int(),
        }),
      ),
      pipeline: logPipelineSchema.nullable(),
      outputs: z.array(logOutputSchema),
      streams: z.array(z.string()),
      taken: z.array(importItemSchema),
      notices: z.array(importItemSchema),
      /** With any of these nothing is imported. */
      refused: z.array(importItemSchema),
    }),
  ),
  'logs.logstash.apply': request(
    importInput,
    z.object({
      sources: z.array(z.string()),
      receivers: z.array(z.string()),
      pipeline: z.string().nullable(),
      outputs: z.array(z.string()),
      streams: z.array(z.string()),
      notices: z.array(importItemSchema),
    }),
  ),
};

export const logsPipelinesEvents = {
  /** Pipelines, masking, outputs or the search source changed. */
  'logs.pipelines.changed': z.object({ what: z.enum(['pipelines', 'masking', 'outputs', 'remote']) }),
};
