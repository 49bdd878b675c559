import { readFile, stat } from 'node:fs/promises';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
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
 * The Authorization header of a request, or null. Files are read for every request, so that a changed password is used.
 *
 * @returns SCRAPE_SECRET_UNREADABLE
 */
export async function authorizationOf(config: HttpLogin): Promise<Result<string | null>> {
  if (config.basicAuth) {
    const { username, password, passwordFile } = config.basicAuth;
    const secret = passwordFile === undefined ? ok(password ?? '') : await readSecret(passwordFile);
    if (!secret.ok) return secret;
    return ok(`Basic ${Buffer.from(`${username}:${secret.value}`, 'utf8').toString('base64')}`);
  }
  if (config.bearerTokenFile !== undefined) {
    const secret = await readSecret(config.bearerTokenFile);
    return secret.ok ? ok(`Bearer ${secret.value}`) : secret;
  }
  return ok(config.bearerToken === undefined ? null : `Bearer ${config.bearerToken}`);
}
