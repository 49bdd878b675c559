import { join } from 'node:path';
import { type DocumentSigner, openSigner } from './platform/signing.ts';
import { writeFileDurably } from './storage/durable.ts';

/**
 * The console's signing key, opened when it is first needed and made by whoever needs it first: evidence of restores, checkpoints of
 * logs, or of the audit trail. Throws as {@link openSigner}.
 *
 * @param restores the data folder's `restores`
 */
export function consoleSigner(restores: string): () => DocumentSigner {
  let signer: DocumentSigner | null = null;
  return () => {
    signer ??= openSigner(join(restores, 'evidence-key.pem'), (file, pem) => writeFileDurably(file, pem));
    return signer;
  };
}
