import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';

/**
 * Between Electron main and the engine process, apart from the contract: main hands over a client's MessagePort with
 * `connect`, tells what the desktop's key store gives with `keyStore`, and asks for an orderly end with `stop`.
 */
export const supervisorMessageSchema = z.discriminatedUnion('kind', [
  /** Comes with one MessagePort, on which the engine serves the contract. */
  z.object({ kind: z.literal('connect') }),
  /** Base64 of the key that the operating system's key store keeps for this user; null when there is no such store. */
  z.object({ kind: z.literal('keyStore'), key: z.string().max(100).nullable() }),
  z.object({ kind: z.literal('stop') }),
]);
export type SupervisorMessage = z.infer<typeof supervisorMessageSchema>;

/** From the engine process to Electron main. */
export const engineProcessMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), pid: z.int() }),
  /** The engine cannot run on this data folder; it exits after this with code 4. Starting it again would not help. */
  z.object({ kind: z.literal('refused'), error: appErrorSchema }),
  /** Sent every two seconds; silence means the engine hangs. */
  z.object({ kind: z.literal('alive') }),
]);
export type EngineProcessMessage = z.infer<typeof engineProcessMessageSchema>;
