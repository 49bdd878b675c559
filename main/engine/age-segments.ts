import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import {
  type ArchiveKeys,
  headOf,
  MAX_HEAD_BYTES,
  newFileSecret,
  openHead,
} from './backup/crypto/age-head.ts';
import { ChunkReader } from './backup/crypto/chunk-reader.ts';
import { ChunkWriter } from './backup/crypto/chunk-writer.ts';
import { recipientsProblem } from './backup/crypto/recipients.ts';
import { ArchiveFault } from './backup/reader-types.ts';
import type { SegmentBytes, SegmentCipher } from './logs/rotate/cipher.ts';

/** Encrypts archived log segments in the age format, with the code that encrypts backups. */
export const ageSegments: SegmentCipher = {
  problem: recipientsProblem,
  seal: async (recipients) => {
    const secret = await newFileSecret(recipients);
    const chunks = new ChunkWriter(secret);
    return {
      head: secret.head,
      push: (plain) => chunks.push(plain),
      end: () => chunks.end(),
      open: (sealed) => opened('', sealed, { identities: [] }, secret.fileKey),
    };
  },
  open: (file, sealed, keys) => opened(file, sealed, keys),
};

async function opened(
  file: string,
  sealed: SegmentBytes,
  keys: ArchiveKeys,
  fileKey?: Uint8Array,
): Promise<Result<SegmentBytes>> {
  const damaged = (why: string) => err(appError('LOG_SEGMENT_DAMAGED', { file, why }));
  const head = headOf(await sealed.read(0, MAX_HEAD_BYTES));
  if (head === null) return damaged('no age header');
  const streamKey = await openHead(head, keys, fileKey);
  if (streamKey === 'damaged') return damaged('age header');
  if (typeof streamKey === 'string') return err(appError('LOG_SEGMENT_LOCKED', { file }));
  const reader = new ChunkReader({
    file,
    streamKey,
    start: head.length,
    end: sealed.size,
    // The reader may keep and free what it gets, so it gets bytes of its own.
    read: async (offset, size) => Buffer.from(await sealed.read(offset, size)),
  });
  if (!(await reader.hasEnd())) return damaged('cut short');
  return ok({
    size: reader.size,
    read: async (offset, size) => {
      try {
        return await reader.read(offset, size);
      } catch (thrown) {
        if (thrown instanceof ArchiveFault) throw new SegmentFault(thrown.error.message.en);
        throw thrown;
      }
    },
  });
}

/** A chunk that does not open; it carries a system-like code so that readers tell it as a damaged file. */
class SegmentFault extends Error {
  readonly code = 'EBADMSG';
}
