import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { mediumLabelSchema, poolNameSchema } from '#shared/contract/backup-media.ts';
import { syncFolder, writeFileDurably } from '../../storage/durable.ts';

/** Folder at the top of a medium that says which medium it is. */
export const MEDIUM_FOLDER = '.hmtt-medium';
/** Folder at the top of a medium in which the archives lie. */
export const ARCHIVES_FOLDER = 'archives';

const identitySchema = z.object({
  format: z.literal('hmtt-medium'),
  version: z.literal(1),
  id: z.uuid(),
  label: mediumLabelSchema,
  pool: poolNameSchema,
  createdAt: z.int(),
  /** Host and person that labelled it. */
  by: z.string().max(300),
});

/** Which medium this is (docs/media.md). It is the same wherever the medium is mounted. */
export type MediumIdentity = z.infer<typeof identitySchema>;

/** Path of the file that says which medium is mounted at `root`. */
export function mediumFile(root: string): string {
  return join(root, MEDIUM_FOLDER, 'medium.json');
}

function sumOf(identity: MediumIdentity): string {
  const { format, version, id, label, pool, createdAt, by } = identity;
  return createHash('sha256')
    .update(JSON.stringify([format, version, id, label, pool, createdAt, by]))
    .digest('hex');
}

/**
 * Reads the identity from the file's text.
 *
 * @returns the identity, or null when the text is not one or was changed by hand: a typing error in an id would make two
 *   media out of one
 */
export function parseMedium(text: string): MediumIdentity | null {
  if (text.length > 10_000) return null;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = identitySchema.extend({ sha256: z.string() }).safeParse(json);
  if (!parsed.success) return null;
  const { sha256, ...identity } = parsed.data;
  return sha256 === sumOf(identity) ? identity : null;
}

/** The text of the file: the identity, signed off with its SHA-256. */
export function formatMedium(identity: MediumIdentity): string {
  return `${JSON.stringify({ ...identity, sha256: sumOf(identity) }, null, 2)}\n`;
}

/** Makes a medium of what is mounted at `root`. Throws the system's error. */
export function writeMedium(root: string, identity: MediumIdentity): void {
  mkdirSync(join(root, MEDIUM_FOLDER), { recursive: true });
  mkdirSync(join(root, ARCHIVES_FOLDER), { recursive: true });
  writeFileDurably(mediumFile(root), formatMedium(identity), 0o644);
  syncFolder(root);
}
