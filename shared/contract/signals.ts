import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { done, id, nothing, request, timestamp } from './define.ts';

const DAY_MS = 86_400_000;

/** After how much silence of a log source people are told: learned from its past, after a given time, or never. */
const logSilenceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('auto') }),
  z.object({
    kind: z.literal('after'),
    ms: z
      .int()
      .min(1_000)
      .max(30 * DAY_MS),
  }),
  z.object({ kind: z.literal('never') }),
]);
export type LogSilence = z.infer<typeof logSilenceSchema>;

/** A heartbeat that this console looks after: the file that another console writes. */
const watchedPeerSchema = z.object({
  /** What the other console is called. */
  name: z.string().trim().min(1).max(100),
  file: z.string().trim().min(1).max(4096),
  /** Older than this, the other console is taken for dead. */
  maxAgeMs: z.int().min(5_000).max(DAY_MS).default(60_000),
});

/** How others can notice that this console is dead, and which others it watches. */
export const watchdogSettingsSchema = z.object({
  /** The file `heartbeat.json` of the data folder is written anew this often; others look at its time. */
  everyMs: z.int().min(1_000).max(3_600_000).default(10_000),
  /** Written as well, e.g. on a share that another console sees; empty for none. */
  file: z.string().trim().max(4096).default(''),
  /** Asked with each beat, e.g. a dead man's switch or another console's receiver; empty for none. */
  url: z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(2_000)]).default(''),
  method: z.enum(['GET', 'POST']).default('POST'),
  /** Keeps the alert `Watchdog` firing for ever, for routes to a receiver that complains when it does not come. */
  alert: z.boolean().default(false),
  peers: z.array(watchedPeerSchema).max(50).default([]),
});
export type WatchdogSettings = z.infer<typeof watchdogSettingsSchema>;

/** How the heart beats. */
const watchdogStateSchema = z.object({
  settings: watchdogSettingsSchema,
  /** The file that is always written. */
  file: z.string(),
  /** When a beat last went everywhere it should; null before the first. */
  beatAt: timestamp.nullable(),
  fileError: appErrorSchema.nullable(),
  urlError: appErrorSchema.nullable(),
  peers: z.array(
    z.object({
      name: z.string(),
      /** When the other console last lived, as its file says; null when it cannot be read. */
      aliveAt: timestamp.nullable(),
      error: appErrorSchema.nullable(),
    }),
  ),
});
export type WatchdogState = z.infer<typeof watchdogStateSchema>;

export const signalsRequests = {
  'signals.logSilence.list': request(
    nothing,
    z.object({
      sources: z.array(
        z.object({
          sourceId: id,
          setting: logSilenceSchema,
          /** After how much silence people are told now; null: never, or not learned yet. */
          afterMs: z.number().nullable(),
          lastLineAt: timestamp.nullable(),
        }),
      ),
    }),
  ),
  'signals.logSilence.set': request(z.object({ sourceId: id, setting: logSilenceSchema }), done),
  'signals.watchdog.get': request(nothing, watchdogStateSchema),
  'signals.watchdog.set': request(watchdogSettingsSchema, done),
};
