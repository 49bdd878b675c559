import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

/** A signature over the canonical JSON of all other members of a document. */
export type DocumentSignature = {
  readonly algorithm: 'Ed25519';
  /** DER of the SubjectPublicKeyInfo, base64. */
  readonly publicKey: string;
  /** SHA-256 of that DER, hexadecimal. */
  readonly fingerprint: string;
  readonly value: string;
};

/** Signs documents with the console's own key. */
export type DocumentSigner = {
  readonly fingerprint: string;
  readonly sign: (document: object) => DocumentSignature;
};

/** JSON with sorted keys and no white space, so that the same document has the same bytes everywhere. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

/**
 * Opens the console's signing key (Ed25519, RFC 8032; PKCS #8 in PEM); the first to ask makes it. Throws the system's error,
 * or what OpenSSL says of a file that holds no such key.
 *
 * @param write stores a new key durably, readable by the owner alone
 */
export function openSigner(file: string, write: (file: string, pem: string) => void): DocumentSigner {
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    write(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  }
  const key = createPrivateKey(readFileSync(file));
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${file} holds no Ed25519 key`);
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const fingerprint = fingerprintOf(der);
  return {
    fingerprint,
    sign: (document) => ({
      algorithm: 'Ed25519',
      publicKey: der.toString('base64'),
      fingerprint,
      value: sign(null, signedBytes(document), key).toString('base64'),
    }),
  };
}

/** True when the signature is that of its public key over the document. Whose key it is, its fingerprint tells. */
export function isSignedBy(document: object, signature: DocumentSignature): boolean {
  const der = Buffer.from(signature.publicKey, 'base64');
  let key: KeyObject;
  try {
    key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    // Bytes that are no key signed nothing.
    return false;
  }
  return (
    key.asymmetricKeyType === 'ed25519' &&
    fingerprintOf(der) === signature.fingerprint &&
    verify(null, signedBytes(document), key, Buffer.from(signature.value, 'base64'))
  );
}

function fingerprintOf(der: Buffer): string {
  return createHash('sha256').update(der).digest('hex');
}

function signedBytes(document: object): Buffer {
  const { signature: _none, ...rest } = document as { signature?: unknown };
  return Buffer.from(canonicalJson(rest), 'utf8');
}
