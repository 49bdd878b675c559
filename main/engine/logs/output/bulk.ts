import * as z from 'zod';
import type { OutputDocument } from './document.ts';

/** What a server said to one document. */
export type ItemVerdict =
  | { readonly kind: 'taken' }
  | { readonly kind: 'later'; readonly status: number; readonly why: string }
  | { readonly kind: 'refused'; readonly status: number; readonly why: string };

/** What a server said to a bulk request. */
export type BulkVerdict =
  | { readonly kind: 'items'; readonly items: readonly ItemVerdict[] }
  /** Not now, or not with this login; nothing is decided about the documents. */
  | { readonly kind: 'later'; readonly why: string; readonly blocked: boolean }
  /** Too large, or not readable as a whole: in parts it may be taken. */
  | { readonly kind: 'divide'; readonly why: string };

const answerSchema = z.object({
  errors: z.boolean(),
  items: z.array(
    z.record(
      z.string(),
      z.object({
        _id: z.string().nullish(),
        status: z.int(),
        error: z
          .union([z.string(), z.object({ type: z.string().optional(), reason: z.string().nullish() })])
          .optional(),
      }),
    ),
  ),
});

const SHOWN = 300;
/** Reasons for which a document is refused today and taken once the server has room, or is up. */
const TEMPORARY =
  /cluster_block_exception|circuit_breaking|rejected_execution|unavailable_shards|node_not_connected|process_cluster_event_timeout|timeout/;

/**
 * Judges the answer to a bulk request. 409 means that the document is there already: it was sent before, and the answer
 * was lost.
 */
export function judgeBulk(status: number, body: string, documents: readonly OutputDocument[]): BulkVerdict {
  const why = body.trim().slice(0, SHOWN) || `HTTP ${status}`;
  if (status === 413) return { kind: 'divide', why };
  if (status === 400) return { kind: 'divide', why };
  if (status === 429 || status >= 500) return { kind: 'later', why, blocked: false };
  if (status < 200 || status >= 300) return { kind: 'later', why, blocked: true };
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    // JSON.parse has no other way to say that the text is none.
    return { kind: 'later', why: 'not an answer of the bulk API', blocked: true };
  }
  const answer = answerSchema.safeParse(json);
  if (!answer.success || answer.data.items.length !== documents.length)
    return { kind: 'later', why: 'not an answer of the bulk API', blocked: true };
  const items = answer.data.items.map((item, index): ItemVerdict | null => {
    const [result] = Object.values(item);
    if (result === undefined || (result._id != null && result._id !== documents[index]?.id)) return null;
    return judgeItem(result.status, result.error);
  });
  if (items.includes(null)) return { kind: 'later', why: 'the answer is to other documents', blocked: true };
  return { kind: 'items', items: items.filter((item) => item !== null) };
}

function judgeItem(
  status: number,
  error:
    | string
    | { readonly type?: string | undefined; readonly reason?: string | null | undefined }
    | undefined,
): ItemVerdict {
  if ((status >= 200 && status < 300) || status === 409) return { kind: 'taken' };
  const type = typeof error === 'object' ? (error.type ?? '') : '';
  const reason = typeof error === 'string' ? error : (error?.reason ?? '');
  const why =
    [type, reason]
      .filter((part) => part !== '')
      .join(': ')
      .slice(0, SHOWN) || `HTTP ${status}`;
  if (status === 429 || status >= 500 || TEMPORARY.test(type)) return { kind: 'later', status, why };
  return { kind: 'refused', status, why };
}

const FIRST_PAUSE_MS = 200;
const LARGEST_PAUSE_MS = 60_000;

/**
 * How long to wait before the next attempt: doubling from 0.2 s to a minute, then somewhere between half of it and all.
 *
 * @param failures attempts that failed in a row, from 1
 * @param random in [0, 1)
 */
export function pauseAfter(failures: number, random: number): number {
  const full = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 20), LARGEST_PAUSE_MS);
  return full / 2 + (full / 2) * random;
}
