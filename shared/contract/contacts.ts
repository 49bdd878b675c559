import * as z from 'zod';
import { timeOfDaySchema } from './channel-settings.ts';
import { done, id, nothing, request, timestamp, timeZoneName } from './define.ts';
import { recipientSchema } from './notice.ts';

const name = z.string().trim().min(1).max(80);

/** Somebody who can be told, and how. */
const contactInputSchema = z
  .object({
    name,
    /** Telephone or radio; for people to read, and for commands that call. */
    phone: z.string().trim().max(100).default(''),
    email: z.string().trim().max(320).default(''),
    note: z.string().trim().max(1000).default(''),
    /**
     * How this person is told, all of them at once. `to` null: an SMTP channel takes the person's e-mail address, a command
     * the telephone number, every other channel nothing.
     */
    via: z.array(recipientSchema).max(10).default([]),
  })
  .strict();
export const contactSchema = contactInputSchema.extend({ id });
export type Contact = z.infer<typeof contactSchema>;

/** A calendar day, `YYYY-MM-DD`. */
const daySchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be YYYY-MM-DD')
  .refine((text) => !Number.isNaN(Date.parse(`${text}T00:00:00Z`)), 'not a day');

/** A shift of a rota: which hours of which days, and who takes turns in it. */
const shiftSchema = z
  .object({
    /** E.g. 白班 / day. */
    name,
    /** Days on which it begins: 1 Monday … 7 Sunday. */
    weekdays: z
      .array(z.int().min(1).max(7))
      .min(1)
      .max(7)
      .refine((days) => new Set(days).size === days.length, 'a day twice'),
    from: timeOfDaySchema,
    /** Not after `from`: the next day; equal to it: 24 hours. */
    to: timeOfDaySchema,
    /** Teams that take turns; each is the contacts that are on call together. */
    teams: z.array(z.array(id).min(1).max(20)).min(1).max(60),
    /** How many days a turn lasts: 1 hands over every day, 7 every week. */
    turnDays: z.int().min(1).max(366).default(7),
    /** The first day of the first team's turn; turns go on in both directions from it. */
    turnStart: daySchema,
  })
  .strict();
export type Shift = z.infer<typeof shiftSchema>;

/** Somebody else for a while: a swap, an illness, a holiday. */
const overrideSchema = z
  .object({
    id,
    from: timestamp,
    to: timestamp,
    /** Who is relieved; null: everybody. */
    instead: id.nullable().default(null),
    /** Who takes over; nobody: a declared gap. */
    contacts: z.array(id).max(20),
    note: z.string().trim().max(500).default(''),
  })
  .strict()
  .refine(({ from, to }) => from < to, { message: 'ends before it begins', path: ['to'] });

/** Who is on call when. */
export const rotaInputSchema = z
  .object({
    name,
    /** The zone of its times of day and its days; an IANA name. */
    timeZone: timeZoneName,
    shifts: z.array(shiftSchema).min(1).max(20),
    overrides: z.array(overrideSchema).max(500).default([]),
    /** True: hours without anybody are meant so. False: they are shown as gaps. */
    gapsMeant: z.boolean().default(false),
  })
  .strict();
export const rotaSchema = rotaInputSchema.extend({ id });
export type Rota = z.infer<typeof rotaSchema>;

/** One stretch of a rota, in which the same people are on call. */
const onCallSpanSchema = z.object({
  from: timestamp,
  to: timestamp,
  /** Ids of contacts, in the order of the shifts; empty: nobody. */
  contacts: z.array(id),
  /** Names of the shifts that are on. */
  shifts: z.array(z.string()),
  /** The override that decides here, if one does. */
  override: id.nullable(),
});
export type OnCallSpan = z.infer<typeof onCallSpanSchema>;

export const contactsRequests = {
  'contacts.list': request(nothing, z.object({ contacts: z.array(contactSchema) })),
  'contacts.add': request(contactInputSchema, z.object({ id })),
  'contacts.update': request(contactSchema, done),
  /** Refused (CONTACT_IN_USE) while a rota names the person. */
  'contacts.remove': request(z.object({ id }), done),
};

export const shiftsRequests = {
  'shifts.list': request(nothing, z.object({ rotas: z.array(rotaSchema) })),
  'shifts.add': request(rotaInputSchema, z.object({ id })),
  'shifts.update': request(rotaSchema, done),
  'shifts.remove': request(z.object({ id }), done),
  /** Who is on call at a moment (now when left out), and who is next. One entry for each rota, or for the one asked for. */
  'shifts.onCall': request(
    z.object({ rota: id.optional(), at: timestamp.optional() }),
    z.object({
      at: timestamp,
      rotas: z.array(
        z.object({
          rota: id,
          name: z.string(),
          contacts: z.array(contactSchema),
          /** The stretch that `at` lies in. */
          now: onCallSpanSchema,
          /** The one after it. */
          next: onCallSpanSchema.extend({ people: z.array(z.string()) }),
        }),
      ),
    }),
  ),
  /** The stretches of at most 62 days, and which of them are gaps that nobody meant. */
  'shifts.calendar': request(
    z.object({ rota: id, from: timestamp, to: timestamp }),
    z.object({
      spans: z.array(onCallSpanSchema),
      gaps: z.array(z.object({ from: timestamp, to: timestamp })),
    }),
  ),
};
