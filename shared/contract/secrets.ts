import * as z from 'zod';
import { done, id, nothing, request, timestamp } from './define.ts';

/**
 * A secret in a setting.
 *
 * A caller gives its text; the engine seals it before anything is written, and keeps and shows `sealed:ID` in its place. Given
 * back as it was shown, it stays what it is. No request answers with the text of a secret.
 */
export const secretTextSchema = z.string().max(65_536);

/** What stands in a setting whose secret is sealed. */
const SEALED = /^sealed:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** True for a setting whose secret is in the sealed store. */
export function isSealed(text: string | undefined): boolean {
  return text !== undefined && SEALED.test(text);
}

/** The name of a secret that several settings may use, such as `db-readonly`. */
export const secretNameSchema = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,99}$/, 'letters, digits, and _ . @ -');

/** What guards the key of the store. */
const guardKindSchema = z.enum([
  /** The operating system's key store: open whenever its user is logged in. */
  'key_store',
  /** A passphrase that somebody types after each start. */
  'passphrase',
  /** A file beside the data: no better than that folder's permissions. Until one of the others is there. */
  'file',
]);
export type GuardKind = z.infer<typeof guardKindSchema>;

/** One sealed secret, as it is shown: what it is for, never what it is. */
const sealedSecretSchema = z.object({
  id,
  /** Which settings it belongs to: `scrape`, `remote`, `channel`, `ssh`; `named` for those that were put under a name. */
  area: z.string(),
  /** The setting's name, e.g. `basicAuth.password`, or the name it was put under. */
  field: z.string(),
  /** The only place it is sent to, e.g. `https://10.0.0.5:9100` or `ssh://hmtt@app-1:22`; '' when it is sent nowhere. */
  place: z.string(),
  sealedAt: timestamp,
});
export type SealedSecret = z.infer<typeof sealedSecretSchema>;

/** The store as it is now. */
const secretsStatusSchema = z.object({
  /** `locked`: nothing that needs a secret works until it is opened; everything else does. */
  state: z.enum(['open', 'locked']),
  guards: z.array(z.object({ kind: guardKindSchema, since: timestamp })),
  /** Whether this desktop session offers a key store. */
  keyStoreOffered: z.boolean(),
  secrets: z.array(sealedSecretSchema),
});
export type SecretsStatus = z.infer<typeof secretsStatusSchema>;

const passphrase = z.string().min(1).max(1000);

export const secretsRequests = {
  'secrets.status': request(nothing, secretsStatusSchema),
  /** Opens the store until the engine ends or it is locked. SECRETS_WRONG_PASSPHRASE, SECRETS_NO_PASSPHRASE */
  'secrets.unlock': request(z.object({ passphrase }), done),
  /** Forgets the key; the next use of a secret fails with SECRETS_LOCKED. SECRETS_NO_PASSPHRASE when nothing could open it again */
  'secrets.lock': request(nothing, done),
  /**
   * Sets or changes the passphrase. Every secret is sealed anew under a new key, so that neither an old passphrase nor an old copy
   * of the key opens what is written from now on. `current` is asked for when there is one already.
   */
  'secrets.setPassphrase': request(z.object({ passphrase, current: passphrase.optional() }), done),
  /** Keeps a secret under a name, for settings that name one; a known name gets the new text. SECRETS_LOCKED */
  'secrets.put': request(z.object({ name: secretNameSchema, text: secretTextSchema.min(1) }), done),
  /** NOT_FOUND */
  'secrets.remove': request(z.object({ name: secretNameSchema }), done),
  /** Leaves the store to the operating system's key store alone. SECRETS_LAST_GUARD when there is none. */
  'secrets.removePassphrase': request(z.object({ current: passphrase }), done),
};

export const secretsEvents = {
  'secrets.changed': z.object({ state: secretsStatusSchema.shape.state }),
};
