import * as z from 'zod';
import { bilingual, id, timestamp } from './define.ts';

/** What threatens the site: the four sources that a risk assessment of an HMTT site looks at. */
export const riskKindSchema = z.enum(['natural', 'hardware', 'software', 'security']);
export type RiskKind = z.infer<typeof riskKindSchema>;

/** Two languages; one of them may be left empty, then the other stands in for it. */
const words = (longest: number) =>
  z
    .object({ zh: z.string().trim().max(longest), en: z.string().trim().max(longest) })
    .refine(({ zh, en }) => zh !== '' || en !== '', {
      message: 'one of the two languages must be filled in',
    });
const maybeWords = (longest: number) =>
  z.object({ zh: z.string().trim().max(longest), en: z.string().trim().max(longest) });

const scale = z.int().min(1).max(5);
const person = z.string().trim().max(100);

/** One entry of the risk register. */
export const riskSchema = z
  .object({
    id,
    kind: riskKindSchema,
    title: words(200),
    /** How likely, 1 (hardly ever) to 5 (every few months). */
    likelihood: scale,
    /** How bad, 1 (nobody notices) to 5 (the site stands still). */
    impact: scale,
    measures: maybeWords(4000),
    owner: person,
    /** When it is to be looked at again; null: nobody has said. */
    reviewAt: timestamp.nullable(),
  })
  .strict();
export type Risk = z.infer<typeof riskSchema>;

/** What a plan of recovery needs besides backups. */
export const environmentKindSchema = z.enum([
  'standby_host',
  'contact',
  'vendor',
  'location',
  'key_place',
  'software',
]);

/** One thing or person that a recovery counts on. */
export const environmentItemSchema = z
  .object({
    id,
    kind: environmentKindSchema,
    name: z.string().trim().min(1).max(200),
    /** Role, model, contract number: what one must know of it. */
    detail: z.string().trim().max(2000),
    /** Telephone, radio or address: how it is reached. */
    reach: z.string().trim().max(500),
    /** Where it stands or lies. */
    place: z.string().trim().max(500),
  })
  .strict();
export type EnvironmentItem = z.infer<typeof environmentItemSchema>;

export const dataClassSchema = z.enum(['core', 'logs']);
export type DataClass = z.infer<typeof dataClassSchema>;

/** What is promised for a class of data; a plan's own promise goes before it. */
export const objectiveSchema = z
  .object({
    dataClass: dataClassSchema,
    rpoMs: z.int().positive().nullable(),
    rtoMs: z.int().positive().nullable(),
    owner: person,
  })
  .strict();
export type Objective = z.infer<typeof objectiveSchema>;

/** The phases of a contingency plan (NIST SP 800-34 Rev. 1, section 4.2 to 4.4). */
export const phaseSchema = z.enum(['activation', 'recovery', 'reconstitution']);
export type Phase = z.infer<typeof phaseSchema>;

/** The incidents that the console has a template for. */
export const incidentSchema = z.enum([
  'database_lost',
  'app_server_lost',
  'balancer_lost',
  'ransomware',
  'console_lost',
  'site_fire',
  'other',
]);
export type Incident = z.infer<typeof incidentSchema>;

const runbookStepSchema = z
  .object({
    id,
    phase: phaseSchema,
    title: words(300),
    body: maybeWords(4000),
    /** Who does it by office, e.g. 值班员 / operator on duty. */
    role: maybeWords(100),
    /** Who does it by name. */
    assignee: person,
    /** Minutes that it is expected to take. */
    minutes: z.int().min(0).max(100_000),
    /** To copy, never run by the console; empty for none. */
    command: z.string().max(8000),
    /** How one knows that it is done. */
    check: maybeWords(2000),
  })
  .strict();
export type RunbookStep = z.infer<typeof runbookStepSchema>;

export const runbookSchema = z
  .object({
    id,
    incident: incidentSchema,
    title: words(200),
    /** When it is to be opened, and what it assumes. */
    purpose: maybeWords(4000),
    /** Backup plans that it relies on; a drill of one of them speaks for this runbook, too. */
    plans: z.array(z.string().min(1).max(80)).max(100),
    owner: person,
    steps: z.array(runbookStepSchema).min(1).max(500),
  })
  .strict()
  .refine(({ steps }) => new Set(steps.map((step) => step.id)).size === steps.length, {
    message: 'two steps have the same id',
    path: ['steps'],
  });
export type Runbook = z.infer<typeof runbookSchema>;

/** How a step of a run ended. */
export const tickSchema = z.object({
  stepId: id,
  outcome: z.enum(['done', 'failed', 'skipped']),
  at: timestamp,
  by: person,
  note: z.string().max(4000),
});
export type Tick = z.infer<typeof tickSchema>;

/** A runbook being followed: for practice, or because it happened. It keeps the runbook as it was when it began. */
export const runbookRunSchema = z.object({
  id,
  kind: z.enum(['exercise', 'activation']),
  runbook: runbookSchema,
  startedAt: timestamp,
  startedBy: person,
  endedAt: timestamp.nullable(),
  /** What the run came to; null while it goes on. */
  outcome: z.enum(['reached', 'partly', 'not_reached']).nullable(),
  /** What was learned, in the words of whoever ended it. */
  lessons: z.string(),
  /** One a step at most, the newest. */
  ticks: z.array(tickSchema),
});
export type RunbookRun = z.infer<typeof runbookRunSchema>;

/** Tests, training and exercises are three different records (NIST SP 800-84). */
export const recordKindSchema = z.enum(['test', 'training', 'exercise', 'activation']);

/** One line of the evidence. */
export const recoveryRecordSchema = z.object({
  id,
  kind: recordKindSchema,
  title: bilingual,
  at: timestamp,
  durationMs: z.number().nullable(),
  outcome: z.enum(['passed', 'partly', 'failed']),
  participants: z.string(),
  notes: z.string(),
  /** What it is the record of; null when it was written down by hand. */
  about: z.object({ kind: z.enum(['drill', 'run']), id }).nullable(),
});
export type RecoveryRecord = z.infer<typeof recoveryRecordSchema>;

/** Everything that a person wrote, as one file. `version` grows when a reader of this one could not read it. */
export const recoveryDocumentSchema = z
  .object({
    format: z.literal('hmtt-recovery'),
    version: z.literal(1),
    exportedAt: timestamp,
    risks: z.array(riskSchema).max(2000),
    environment: z.array(environmentItemSchema).max(2000),
    objectives: z.array(objectiveSchema).max(2),
    runbooks: z.array(runbookSchema).max(500),
  })
  .strict();
export type RecoveryDocument = z.infer<typeof recoveryDocumentSchema>;
