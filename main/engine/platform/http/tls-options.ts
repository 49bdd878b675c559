import { readFile, stat } from 'node:fs/promises';
import { type ConnectionOptions, createSecureContext } from 'node:tls';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { NO_SECRETS, type SecretSource, secretText } from '../secrets.ts';
import type { HttpTls } from './settings.ts';

/** Certificates are small; a larger file is a mistake. */
const LARGEST_FILE = 1 << 20;

type TlsConfig = NonNullable<HttpTls['tls']>;

async function fileState(path: string | undefined): Promise<string> {
  if (path === undefined) return '';
  try {
    const { mtimeMs, size } = await stat(path);
    return `${path}@${mtimeMs}+${size}`;
  } catch {
    // Reading the file gives the reason to the operator; here it only must not look like the file that was there.
    return `${path}@missing`;
  }
}

/** A key that changes when the configuration or one of its files does, so that renewed certificates are picked up. */
export async function tlsKey(tls: TlsConfig | undefined): Promise<string> {
  if (tls === undefined) return '';
  const files = await Promise.all([fileState(tls.caFile), fileState(tls.certFile), fileState(tls.keyFile)]);
  return JSON.stringify([files, tls.key ?? '', tls.serverName ?? '', tls.insecureSkipVerify]);
}

/**
 * Reads the files of a TLS configuration into the options of a connection.
 *
 * @param secrets opens the private key of settings that have it sealed
 * @returns SCRAPE_TLS_FILE when a file is unreadable, too large, or not what it should be; what a sealed key is refused with
 */
export async function loadTls(
  tls: TlsConfig | undefined,
  secrets: SecretSource = NO_SECRETS,
): Promise<Result<ConnectionOptions>> {
  if (tls === undefined) return ok({});
  const options: ConnectionOptions = {};
  const wanted = [
    ['ca', tls.caFile],
    ['cert', tls.certFile],
    ['key', tls.keyFile],
  ] as const;
  for (const [name, path] of wanted) {
    if (path === undefined) continue;
    try {
      const { size } = await stat(path);
      if (size > LARGEST_FILE) return err(appError('SCRAPE_TLS_FILE', { why: `${path}: ${size} B` }));
      options[name] = await readFile(path);
    } catch (thrown) {
      return err(appError('SCRAPE_TLS_FILE', { why: describeThrown(thrown) }));
    }
  }
  if (tls.key !== undefined) {
    // A private key is not sent anywhere, so it has no place.
    const key = secretText(secrets, tls.key, '');
    if (!key.ok) return key;
    options.key = key.value;
  }
  if (options.ca !== undefined && !String(options.ca).includes('-----BEGIN'))
    return err(appError('SCRAPE_TLS_FILE', { why: `${tls.caFile}: not PEM` }));
  if (tls.serverName !== undefined) options.servername = tls.serverName;
  if (tls.insecureSkipVerify) options.rejectUnauthorized = false;
  try {
    // Parsed once here: a broken file is one clear error now, not a failure in every handshake.
    options.secureContext = createSecureContext({
      ...(options.ca === undefined ? {} : { ca: options.ca }),
      ...(options.cert === undefined ? {} : { cert: options.cert }),
      ...(options.key === undefined ? {} : { key: options.key }),
    });
  } catch (thrown) {
    const files = [tls.caFile, tls.certFile, tls.keyFile].filter((path) => path !== undefined).join(', ');
    return err(appError('SCRAPE_TLS_FILE', { why: `${files}: ${describeThrown(thrown)}` }));
  }
  return ok(options);
}
