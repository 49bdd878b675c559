import * as z from 'zod';

/** One request of the contract: what goes in, what comes out. The input is validated by the engine. */
export type RequestSpec<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = {
  readonly input: I;
  readonly output: O;
};

/** Declares one request. */
export function request<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): RequestSpec<I, O> {
  return { input, output };
}

/** UTC milliseconds since 1970. */
export const timestamp = z.number().int();

/** A sentence in Chinese and in English. */
export const bilingual = z.object({ zh: z.string(), en: z.string() });

/** An identifier made by the engine. */
export const id = z.string().min(1).max(200);

/** No parameters. */
export const nothing = z.object({}).strict();

/** The answer of a request that has nothing to say but "done". */
export const done = z.object({});

/** True for names of time zones that this runtime knows, such as `Asia/Shanghai`. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** A time zone, as its IANA name. */
export const timeZoneName = z.string().max(64).refine(isTimeZone, { message: 'not a time zone' });
