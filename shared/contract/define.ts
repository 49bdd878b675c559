import * as z from 'zod';
import { isTimeZone } from '../domain/zone-offset.ts';

/** One request of the contract: what goes in, what comes out. The input is validated by the engine. */
export type RequestSpec<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = {
  readonly input: I;
  readonly output: O;
};

/** Declares one request. */
export function request<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): RequestSpec<I, O> {
  return { input, output };
}

/** The largest number of milliseconds that a `Date` can hold, either way from 1970 (ECMA-262, time values). */
const LAST_TIME_MS = 8.64e15;

/** UTC milliseconds since 1970, of a moment that a `Date` can hold. */
export const timestamp = z.int().min(-LAST_TIME_MS).max(LAST_TIME_MS);

/** A sentence in Chinese and in English. */
export const bilingual = z.object({ zh: z.string(), en: z.string() });

/** An identifier made by the engine. */
export const id = z.string().min(1).max(200);

/**
 * A path from the root of a machine, as Linux or as Windows writes it: it may be another machine's. A path from wherever the engine
 * happens to have been started is never meant.
 */
export const absolutePath = z
  .string()
  .max(4096)
  .regex(/^(\/|[A-Za-z]:[\\/]|\\\\)/, 'not an absolute path');

/** No parameters. */
export const nothing = z.object({}).strict();

/** The answer of a request that has nothing to say but "done". */
export const done = z.object({});

/** A time zone, as its IANA name. */
export const timeZoneName = z.string().max(64).refine(isTimeZone, { message: 'not a time zone' });
