import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';

/** From a client: call a method, or cancel a call. The transport is a MessagePort or one JSON line on a socket. */
export const clientMessageSchema = z.union([
  z.object({ id: z.int().nonnegative(), method: z.string().max(100), params: z.unknown() }).strict(),
  z.object({ cancel: z.int().nonnegative() }).strict(),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

/** From the engine: the answer to a call, or an event. */
export const engineMessageSchema = z.union([
  z.object({ id: z.int(), ok: z.literal(true), value: z.unknown() }),
  z.object({ id: z.int(), ok: z.literal(false), error: appErrorSchema }),
  z.object({ event: z.string(), payload: z.unknown() }),
]);
export type EngineMessage = z.infer<typeof engineMessageSchema>;
