import * as z from 'zod';
import { done, id, nothing, request, timestamp } from './define.ts';

/** Bounded only: what is wrong with a recipient is said in words by the engine. The longest is a post-quantum one, about 1,960 characters. */
const recipient = z.string().regex(/^\S{1,2500}$/);

/** Who can open a plan's archives; null in the plan when anybody who holds the medium can. */
export const backupEncryptionSchema = z.object({
  /** age recipients: X25519 (`age1…`), or all of them post-quantum (`age1pq1…`). Any one of their identities opens. */
  recipients: z.array(recipient).min(1).max(20),
});
export type BackupEncryption = z.infer<typeof backupEncryptionSchema>;

/** Names of keys are names of files: `NAME.key.age`. */
const keyName = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,79}$/u);

const passphrase = z.string().min(1).max(1000);
/** `AGE-SECRET-KEY-…` lines, as `age-keygen` writes them, or a key file sealed by a passphrase. */
const identityText = z.string().min(1).max(65_536);

/** A key as the console knows it. No secret is in it: a key file opens with its passphrase only. */
const backupKeySchema = z.object({
  /** Null when the recipient was only given to a plan. */
  name: keyName.nullable(),
  recipient: z.string(),
  /** Short form of the recipient, to compare on paper: SHA-256, the first 16 hexadecimal digits in groups of four. */
  fingerprint: z.string(),
  /** True when the console holds the identity sealed by a passphrase, and writes it beside the archives. */
  hasKeyFile: z.boolean(),
  plans: z.array(z.string()),
  createdAt: timestamp.nullable(),
  /** When somebody last opened an archive with it, and which point. */
  testedAt: timestamp.nullable(),
  testedPoint: id.nullable(),
  /** When the next test is due: a year after the last one, or after the key was made. */
  testDueAt: timestamp.nullable(),
  isTestOverdue: z.boolean(),
  /** Until when it is unlocked in memory; null when it is locked. */
  unlockedUntil: timestamp.nullable(),
});
export type BackupKey = z.infer<typeof backupKeySchema>;

/** What opens a key: one of an identity, a passphrase (of any key file the console knows), or enough sheets of a split key. */
const keySecretSchema = z.object({
  identity: identityText.optional(),
  passphrase: passphrase.optional(),
  shares: z.array(z.string().min(1).max(1000)).max(40).optional(),
});
export type KeySecret = z.infer<typeof keySecretSchema>;

/** What a key sheet prints. */
const keySheetSchema = z.object({
  key: backupKeySchema,
  /** Armored key file; null when the console has none. */
  keyFile: z.string().nullable(),
  /** The identity in clear, only while it is unlocked and only when the sheet asks for it. */
  identity: z.string().nullable(),
  /** A sheet of a split key: how many there are, how many open it, which one this is, and its text. */
  share: z.object({ of: z.int(), needed: z.int(), number: z.int(), text: z.string() }).nullable(),
});
export type KeySheet = z.infer<typeof keySheetSchema>;

export const backupKeyRequests = {
  'backup.keys.list': request(nothing, z.object({ keys: z.array(backupKeySchema) })),
  /** Makes a key whose identity is kept only as a file sealed by the passphrase. Give its recipient to a plan. */
  'backup.keys.create': request(
    z.object({ name: keyName, passphrase, postQuantum: z.boolean().default(false) }),
    z.object({ recipient: z.string() }),
  ),
  /** Gives a recipient made elsewhere a name. */
  'backup.keys.add': request(z.object({ name: keyName, recipient }), done),
  /** Forgets a key that no plan and no archive needs. */
  'backup.keys.remove': request(z.object({ recipient }), done),
  /** Checks a secret and holds what it opens in memory, until the time is over or the lease is given back. */
  'backup.keys.unlock': request(
    keySecretSchema.extend({
      /** Folders whose `*.key.age` files are tried, too, and kept when the passphrase opens them. */
      dirs: z.array(z.string().min(1).max(4096)).max(20).default([]),
    }),
    z.object({ lease: id, recipients: z.array(z.string()), until: timestamp }),
  ),
  /** Forgets one lease, or all. */
  'backup.keys.lock': request(z.object({ lease: id.optional() }), done),
  /** Opens a frame of the newest archive with the secret, and records that it could. Nothing stays unlocked. */
  'backup.keys.test': request(
    keySecretSchema.extend({ recipient }),
    z.object({ pointId: id, testedAt: timestamp }),
  ),
  /** Splits an unlocked key into sheets; any `needed` of them open it. They are kept in memory for printing only. */
  'backup.keys.split': request(
    z.object({ recipient, of: z.int().min(2).max(20), needed: z.int().min(2).max(20) }),
    z.object({ shares: z.array(z.string()) }),
  ),
  /** What to print; `share` counts from 1. */
  'backup.keys.sheet': request(
    z.object({
      fingerprint: z.string().min(1).max(40),
      withIdentity: z.boolean().default(false),
      share: z.int().min(1).max(20).optional(),
    }),
    keySheetSchema,
  ),
};
