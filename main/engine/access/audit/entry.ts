import * as z from 'zod';
import { auditWaySchema } from '#shared/contract/audit.ts';
import { signatureSchema } from '#shared/contract/restore.ts';
import { hashOfLine, NO_PREVIOUS } from '../../platform/hash-chain.ts';
import { canonicalJson, type DocumentSigner } from '../../platform/signing.ts';

const place = {
  v: z.literal(1),
  n: z.int().min(1),
  at: z.int(),
  previous: z.string(),
};
const request = {
  by: z.string(),
  via: auditWaySchema,
  action: z.string(),
  object: z.string(),
  asked: z.record(z.string(), z.string()),
};
const code = z.string().optional();

/** Base64 leaves bits unused at its end: other letters there would be another line with the same signature. */
const isInOneSpelling = ({ publicKey, value }: z.infer<typeof signatureSchema>): boolean =>
  [publicKey, value].every((text) => Buffer.from(text, 'base64').toString('base64') === text);

// Strict: what a checkpoint signs is all of its line.
const entrySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...place,
    kind: z.literal('began'),
    trail: z.string(),
    workstation: z.string(),
    version: z.string(),
  }),
  z.strictObject({ ...place, kind: z.literal('asked'), ...request }),
  z.strictObject({
    ...place,
    kind: z.literal('ended'),
    of: z.int(),
    outcome: z.enum(['done', 'failed', 'cancelled', 'begun']),
    code,
    job: z.string().optional(),
    made: z.string().optional(),
  }),
  z.strictObject({
    ...place,
    kind: z.literal('noted'),
    ...request,
    outcome: z.enum(['done', 'failed', 'refused']),
    code,
  }),
  z.strictObject({
    ...place,
    kind: z.literal('checkpoint'),
    signature: signatureSchema.strict().refine(isInOneSpelling),
  }),
]);

/** One entry of the trail (docs/audit.md, "The chain"). */
export type AuditEntry = z.infer<typeof entrySchema>;

type Place = { readonly [K in keyof typeof place]: z.infer<(typeof place)[K]> };
type WithoutPlace<E> = E extends AuditEntry ? Omit<E, keyof Place> : never;

/** What an entry says, without its place in the chain. */
export type EntryBody = WithoutPlace<Exclude<AuditEntry, { readonly kind: 'checkpoint' }>>;

/** An entry in the chain: its number, and its line in the one spelling. */
export type ChainLine = { readonly n: number; readonly line: string };

/** Makes the next line. `last` is null for the first of a chain. */
export function nextLine(last: ChainLine | null, at: number, body: EntryBody): ChainLine {
  const next = placeAfter(last, at);
  return { n: next.n, line: canonicalJson({ ...next, ...body }) };
}

/** Makes a checkpoint: it signs its place, and so all lines before it. */
export function nextCheckpoint(last: ChainLine, at: number, signer: DocumentSigner): ChainLine {
  const document = { ...placeAfter(last, at), kind: 'checkpoint' };
  return { n: document.n, line: canonicalJson({ ...document, signature: signer.sign(document) }) };
}

function placeAfter(last: ChainLine | null, at: number): Place {
  return {
    v: 1,
    n: (last?.n ?? 0) + 1,
    at,
    previous: last === null ? NO_PREVIOUS : hashOfLine(last.line),
  };
}

/** Reads a line; null when it is no entry in its one spelling, has members that no entry has, or lacks one. */
export function readEntry(line: string): AuditEntry | null {
  let document: unknown;
  try {
    document = JSON.parse(line);
  } catch {
    // Bytes that are no JSON are a changed entry; the caller says so.
    return null;
  }
  const parsed = entrySchema.safeParse(document);
  return parsed.success && canonicalJson(document) === line ? parsed.data : null;
}
