import { readFile, stat } from 'node:fs/promises';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { httpPlace, type SecretSource, secretText } from '../secrets.ts';
import type { HttpLogin } from './settings.ts';

const LARGEST_SECRET = 64 * 1024;

/** Reads a file that holds a secret, without white space around it. @returns SCRAPE_SECRET_UNREADABLE */
export async function readSecret(file: string): Promise<Result<string>> {
  try {
    const { size } = await stat(file);
    if (size > LARGEST_SECRET)
      return err(appError('SCRAPE_SECRET_UNREADABLE', { file, why: `${size} B > ${LARGEST_SECRET} B` }));
    // Prometheus strips white space around the content, so that a final newline does not become part of the secret.
    return ok((await readFile(file, 'utf8')).trim());
  } catch (thrown) {
    return err(appError('SCRAPE_SECRET_UNREADABLE', { file, why: describeThrown(thrown) }));
  }
}

/**
 * The Authorization header of a request, or null. Files are read and secrets opened for every request, so that a changed password
 * is used.
 *
 * @param url where the request goes; a sealed secret opens for its own place only
 * @returns SCRAPE_SECRET_UNREADABLE, and what a sealed secret is refused with
 */
export async function authorizationOf(
  config: HttpLogin,
  secrets: SecretSource,
  url: string,
): Promise<Result<string | null>> {
  const place = httpPlace(url);
  if (config.basicAuth) {
    const { username, password, passwordFile } = config.basicAuth;
    const secret =
      passwordFile === undefined
        ? secretText(secrets, password ?? '', place)
        : await readSecret(passwordFile);
    if (!secret.ok) return secret;
    return ok(`Basic ${Buffer.from(`${username}:${secret.value}`, 'utf8').toString('base64')}`);
  }
  if (config.bearerTokenFile !== undefined) {
    const secret = await readSecret(config.bearerTokenFile);
    return secret.ok ? ok(`Bearer ${secret.value}`) : secret;
  }
  if (config.bearerToken === undefined) return ok(null);
  const token = secretText(secrets, config.bearerToken, place);
  return token.ok ? ok(`Bearer ${token.value}`) : token;
}
