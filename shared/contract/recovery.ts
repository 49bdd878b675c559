import * as z from 'zod';
import { bilingual, done, id, nothing, request, timestamp } from './define.ts';
import { drillPlanSchema, drillSchema, measuredSchema, scoreSchema, stampSchema } from './recovery-drills.ts';
import {
  environmentItemSchema,
  incidentSchema,
  objectiveSchema,
  recordKindSchema,
  recoveryDocumentSchema,
  recoveryRecordSchema,
  riskSchema,
  runbookRunSchema,
  runbookSchema,
  tickSchema,
} from './recovery-register.ts';

/** Disaster recovery: what may happen, what is promised, who does what, and the proof that it works. */

const who = z.string().trim().min(1).max(100);
const byId = z.object({ id });

export const recoveryRequests = {
  /** The register, the highest risk first; `overdue` names those whose review date has passed. */
  'recovery.risks.list': request(
    nothing,
    z.object({ risks: z.array(riskSchema), overdue: z.array(id), starters: z.array(riskSchema) }),
  ),
  'recovery.risks.save': request(riskSchema.omit({ id: true }).extend({ id: id.optional() }), byId),
  'recovery.risks.remove': request(byId, done),

  'recovery.environment.list': request(nothing, z.object({ items: z.array(environmentItemSchema) })),
  'recovery.environment.save': request(
    environmentItemSchema.omit({ id: true }).extend({ id: id.optional() }),
    byId,
  ),
  'recovery.environment.remove': request(byId, done),

  /** Promised against measured, breaches first, and the score of each class. */
  'recovery.objectives': request(
    nothing,
    z.object({
      objectives: z.array(objectiveSchema),
      plans: z.array(measuredSchema),
      scores: z.array(scoreSchema),
    }),
  ),
  'recovery.objectives.set': request(objectiveSchema, done),

  'recovery.runbooks.list': request(nothing, z.object({ runbooks: z.array(runbookSchema) })),
  'recovery.runbooks.get': request(byId, runbookSchema),
  /** A new one when it has no id yet. */
  'recovery.runbooks.save': request(z.object({ runbook: runbookSchema }), byId),
  'recovery.runbooks.remove': request(byId, done),
  /** Runbooks for typical incidents of a three-tier site, to begin from; nothing is stored. */
  'recovery.runbooks.templates': request(nothing, z.object({ templates: z.array(runbookSchema) })),
  /** Stores a copy of a template. */
  'recovery.runbooks.adopt': request(z.object({ incident: incidentSchema }), byId),

  'recovery.runs.list': request(nothing, z.object({ runs: z.array(runbookRunSchema) })),
  'recovery.runs.get': request(byId, runbookRunSchema),
  'recovery.runs.start': request(
    z.object({ runbookId: id, kind: z.enum(['exercise', 'activation']), by: who }),
    byId,
  ),
  /** Ticks a step, or with null takes the tick back. */
  'recovery.runs.tick': request(
    z.object({
      id,
      stepId: id,
      outcome: tickSchema.shape.outcome.nullable(),
      by: who,
      note: z.string().trim().max(4000).default(''),
    }),
    runbookRunSchema,
  ),
  'recovery.runs.end': request(
    z.object({
      id,
      outcome: z.enum(['reached', 'partly', 'not_reached']),
      lessons: z.string().trim().max(20_000).default(''),
    }),
    runbookRunSchema,
  ),

  'recovery.drillPlans.list': request(
    nothing,
    z.object({ plans: z.array(drillPlanSchema), stamps: z.array(stampSchema) }),
  ),
  'recovery.drillPlans.set': request(drillPlanSchema, done),
  /** When a schedule runs next, for the form. */
  'recovery.drills.preview': request(
    z.object({ schedule: z.string().max(200) }),
    z.object({ next: z.array(timestamp) }),
  ),
  /** Rehearses a restore of the newest restorable point, or of the one that is named; the job's result is the drill. */
  'recovery.drills.run': request(
    z.object({ plan: z.string().min(1).max(80), pointId: id.optional(), by: who.optional() }),
    z.object({ drillId: id, jobId: id }),
  ),
  /** The newest first. */
  'recovery.drills.list': request(
    z.object({ plan: z.string().max(80).optional(), limit: z.int().min(1).max(1000).default(200) }),
    z.object({ drills: z.array(drillSchema), total: z.int() }),
  ),
  'recovery.drills.get': request(byId, drillSchema),

  /** Tests, training, exercises and activations, the newest first. */
  'recovery.records.list': request(nothing, z.object({ records: z.array(recoveryRecordSchema) })),
  /** Writes down what happened away from the console, such as a training. */
  'recovery.records.add': request(
    z.object({
      kind: recordKindSchema,
      title: z.string().trim().min(1).max(200),
      at: timestamp,
      durationMs: z.int().nonnegative().nullable(),
      outcome: recoveryRecordSchema.shape.outcome,
      participants: z.string().trim().max(1000),
      notes: z.string().trim().max(20_000),
    }),
    byId,
  ),

  'recovery.export': request(nothing, recoveryDocumentSchema),
  /** Takes a file in whole or not at all. What has the same id is replaced, everything else stays. */
  'recovery.import': request(
    z.object({ text: z.string().max(8 * 1024 * 1024), dryRun: z.boolean().default(false) }),
    z.object({
      added: z.int(),
      replaced: z.int(),
      same: z.int(),
      notes: z.array(bilingual),
    }),
  ),
};

export const recoveryEvents = {
  'recovery.changed': z.object({
    what: z.enum(['risks', 'environment', 'objectives', 'runbooks', 'runs', 'drills', 'records']),
  }),
};
