import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { nothing, request, timestamp } from './define.ts';

/** Where the read-only HTTP API listens, when it is switched on. */
export const apiSettingsSchema = z.object({
  enabled: z.boolean(),
  /** An IP address of this machine, or `localhost`; any but loopback needs a token. */
  address: z
    .string()
    .trim()
    .max(100)
    .regex(/^(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)$/),
  /** 0 takes any free port. */
  port: z.int().min(0).max(65_535),
});
export type ApiSettings = z.infer<typeof apiSettingsSchema>;

/** The HTTP API as it is now. */
const apiStateSchema = z.object({
  settings: apiSettingsSchema,
  /** Base address while it listens, or null. */
  url: z.string().nullable(),
  /** Why it does not listen although it should. */
  error: appErrorSchema.nullable(),
  /** When the token was made; null when there is none, so that only loopback is served. */
  tokenSince: timestamp.nullable(),
  /** True when `hmtt serve --listen` decides: the settings then wait for a start without it. */
  isFixed: z.boolean(),
});
export type ApiState = z.infer<typeof apiStateSchema>;

export const apiRequests = {
  'api.state': request(nothing, apiStateSchema),
  /** Takes effect at once; when it cannot, nothing is changed. */
  'api.set': request(apiSettingsSchema, apiStateSchema),
  /** Makes a token and forgets the one before. It is shown this once; only its hash is kept. */
  'api.newToken': request(nothing, z.object({ token: z.string(), state: apiStateSchema })),
  /** Takes the token away; refused while another address than loopback is set. */
  'api.removeToken': request(nothing, apiStateSchema),
};

export const apiEvents = { 'api.changed': apiStateSchema };
