import * as z from 'zod';
import { bilingual, done, nothing, request, timestamp } from './define.ts';

/** What can go wrong on the training site, on order. */
export const trainingIncidentIds = [
  'node_down',
  'disk_filling',
  'error_burst',
  'slow_database',
  'clock_drift',
  'deleted_data',
  'flipped_bytes',
] as const;
export const trainingIncidentIdSchema = z.enum(trainingIncidentIds);
export type TrainingIncidentId = z.infer<typeof trainingIncidentIdSchema>;

const trainingIncidentSchema = z.object({
  id: trainingIncidentIdSchema,
  title: bilingual,
  /** Where it shows, and by what. */
  hint: bilingual,
  /** The page that shows it, an address inside the app. */
  link: z.string(),
  /** The machine that it happens on. */
  node: z.string(),
  /** Null while it does not happen. */
  since: timestamp.nullable(),
});
export type TrainingIncident = z.infer<typeof trainingIncidentSchema>;

/** A guided lesson. Its steps are done when the engine's own state says so, whoever did it and how. */
const trainingLessonSchema = z.object({
  id: z.enum(['alert', 'logs', 'rotation', 'backup', 'restore', 'drill']),
  title: bilingual,
  why: bilingual,
  steps: z.array(
    z.object({
      text: bilingual,
      /** What to press, word by word as the page has it; null where the text says it all. */
      how: bilingual.nullable(),
      /** What has to be typed or pasted there, e.g. a path on this machine; null: nothing. */
      copy: z.string().nullable(),
      /** Stays true once it was. */
      done: z.boolean(),
      /** The page where it is done, or null. */
      link: z.string().nullable(),
      /** An incident that a button beside the step starts, or null. */
      starts: trainingIncidentIdSchema.nullable(),
      /** One that a button beside the step ends, or null. */
      ends: trainingIncidentIdSchema.nullable(),
      /** True for a step that is done by a right answer. */
      asks: z.boolean(),
    }),
  ),
});
export type TrainingLesson = z.infer<typeof trainingLessonSchema>;

const trainingStatusSchema = z.object({
  /** False on every real site: nothing here is there then. */
  isTraining: z.boolean(),
  /** Where its logs, files and backups are. */
  dir: z.string(),
  nodes: z.array(
    z.object({ name: z.string(), tier: z.string(), url: z.string(), log: z.string(), up: z.boolean() }),
  ),
  incidents: z.array(trainingIncidentSchema),
  lessons: z.array(trainingLessonSchema),
});
export type TrainingStatus = z.infer<typeof trainingStatusSchema>;

export const trainingRequests = {
  'training.status': request(nothing, trainingStatusSchema),
  /** Begins or ends an incident. TRAINING_NOT_HERE on a real site; TRAINING_NO_POINT when data would be gone for good */
  'training.incident': request(z.object({ id: trainingIncidentIdSchema, active: z.boolean() }), done),
  /** Answers the question of the log lesson. TRAINING_NOT_HERE on a real site */
  'training.answer': request(
    z.object({ text: z.string().trim().max(200) }),
    z.object({ right: z.boolean() }),
  ),
  /** Gives up everything of the training site when the engine starts next. TRAINING_NOT_HERE on a real site */
  'training.anew': request(nothing, done),
};

export const trainingEvents = { 'training.changed': z.object({}) };
