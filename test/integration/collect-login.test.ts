import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ScrapeConfig, scrapeConfigSchema } from '#shared/contract/hosts.ts';
import { createScrapeClient, type ScrapeClient } from '../../main/engine/collect/http/scrape-client.ts';
import { systemClock } from '../../main/engine/platform/clock.ts';
import { systemTimers } from '../../main/engine/platform/timers.ts';
import { type Certificates, makeCertificates } from '../helpers/certificates.ts';
import { type Answer, type FaultyServer, good, startFaultyServer, status } from '../helpers/faulty-server.ts';
import { startPeer, untilOutput } from '../helpers/peer-process.ts';
import { freePort } from '../helpers/ports.ts';

let folder: string;
let certificates: Certificates;
let client: ScrapeClient;
let secure: FaultyServer;
let expired: FaultyServer;
let mutual: FaultyServer;
let plain: FaultyServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hmtt-tls-'));
  certificates = makeCertificates(folder);
  const key = readFileSync(certificates.keyFile);
  const cert = readFileSync(certificates.certFile);
  client = createScrapeClient({ clock: systemClock, timers: systemTimers });
  secure = await startFaultyServer(good, { key, cert });
  expired = await startFaultyServer(good, {
    key: readFileSync(join(folder, 'expired.key')),
    cert: readFileSync(certificates.expiredCertFile),
  });
  mutual = await startFaultyServer(good, {
    key,
    cert,
    ca: readFileSync(certificates.caFile),
    requestCert: true,
    rejectUnauthorized: true,
  });
  plain = await startFaultyServer(good);
});
afterAll(async () => {
  await client.close();
  await Promise.all([secure, expired, mutual, plain].map((server) => server.close()));
  rmSync(folder, { recursive: true, force: true });
});

const never = new AbortController().signal;

/** Scrapes once: `ok`, or the code of the error. */
async function outcome(
  server: FaultyServer,
  more: Partial<Record<keyof ScrapeConfig, unknown>>,
): Promise<string> {
  const config = scrapeConfigSchema.parse({
    job: 'test',
    address: server.address,
    timeoutMs: 5_000,
    ...more,
  });
  const answer = await client.fetch(config, never);
  if (!answer.ok) expect(answer.error.message.zh).toMatch(/[\u4e00-\u9fff]/);
  return answer.ok ? 'ok' : answer.error.code;
}

describe('certificates', () => {
  const https = (tls?: object) => ({ scheme: 'https', ...(tls ? { tls } : {}) });

  test('the right authority is accepted, and nothing else', async () => {
    const { caFile, otherCaFile } = certificates;
    expect(await outcome(secure, https({ caFile }))).toBe('ok');
    expect(await outcome(secure, https({ caFile: otherCaFile }))).toBe('SCRAPE_TLS_UNTRUSTED');
    expect(await outcome(secure, https())).toBe('SCRAPE_TLS_UNTRUSTED');
    expect(await outcome(secure, https({ insecureSkipVerify: true }))).toBe('ok');
    // Settings of one target must not leak into another's connections.
    expect(await outcome(secure, https())).toBe('SCRAPE_TLS_UNTRUSTED');
  });

  test('a name that the certificate does not have', async () => {
    const { caFile } = certificates;
    expect(await outcome(secure, https({ caFile, serverName: 'console.test' }))).toBe('ok');
    expect(await outcome(secure, https({ caFile, serverName: 'other.test' }))).toBe('SCRAPE_TLS_WRONG_NAME');
    const address = secure.address.replace('127.0.0.1', 'localhost');
    expect(await outcome({ ...secure, address }, https({ caFile }))).toBe('SCRAPE_TLS_WRONG_NAME');
  });

  test('an expired certificate', async () => {
    expect(await outcome(expired, https({ caFile: certificates.caFile }))).toBe('SCRAPE_TLS_EXPIRED');
  });

  test('a client certificate', async () => {
    const {
      caFile,
      certFile: cert,
      keyFile: key,
      clientCertFile: certFile,
      clientKeyFile: keyFile,
    } = certificates;
    expect(await outcome(mutual, https({ caFile, certFile, keyFile }))).toBe('ok');
    // Node's own server closes without a word; OpenSSL says why, as web servers do.
    const port = await freePort();
    const server = ['s_server', '-accept', `127.0.0.1:${port}`, '-cert', cert, '-key', key, '-www'];
    const peer = await startPeer('openssl', [...server, '-CAfile', caFile, '-Verify', '1'], 'openssl');
    await untilOutput(peer, /ACCEPT/);
    const address = `127.0.0.1:${port}`;
    expect(await outcome({ ...mutual, address }, https({ caFile }))).toBe('SCRAPE_TLS_CLIENT_REFUSED');
    await peer.stop();
  });

  test('https asked of a port that speaks http, and the other way round', async () => {
    expect(await outcome(plain, https())).toBe('SCRAPE_TLS_FAILED');
    expect(await outcome(secure, {})).toMatch(/^SCRAPE_(RESET|NOT_HTTP|HTTP_STATUS)$/);
  });

  test('files that cannot be used', async () => {
    const broken = join(folder, 'broken.pem');
    writeFileSync(broken, '-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n');
    const notPem = join(folder, 'not.pem');
    writeFileSync(notPem, 'hello');
    for (const caFile of [join(folder, 'missing.pem'), notPem])
      expect(await outcome(secure, https({ caFile }))).toBe('SCRAPE_TLS_FILE');
    const { caFile, keyFile } = certificates;
    expect(await outcome(secure, https({ caFile, certFile: broken, keyFile }))).toBe('SCRAPE_TLS_FILE');
  });

  test('a renewed authority file is picked up without a restart', async () => {
    const caFile = join(folder, 'renewed.pem');
    writeFileSync(caFile, readFileSync(certificates.otherCaFile));
    expect(await outcome(secure, https({ caFile }))).toBe('SCRAPE_TLS_UNTRUSTED');
    writeFileSync(caFile, `${readFileSync(certificates.caFile, 'utf8')}\n`);
    expect(await outcome(secure, https({ caFile }))).toBe('ok');
  });
});

describe('logins', () => {
  const only =
    (wanted: string): Answer =>
    (request, response) =>
      (request.headers.authorization === wanted ? good : status(401))(request, response);
  const basic = `Basic ${Buffer.from('ops:päss:word').toString('base64')}`;

  test('basic auth by value and by file', async () => {
    plain.answer = only(basic);
    const passwordFile = join(folder, 'password');
    writeFileSync(passwordFile, 'päss:word\n');
    expect(await outcome(plain, { basicAuth: { username: 'ops', password: 'päss:word' } })).toBe('ok');
    expect(await outcome(plain, { basicAuth: { username: 'ops', passwordFile } })).toBe('ok');
    expect(await outcome(plain, { basicAuth: { username: 'ops', password: 'wrong' } })).toBe(
      'SCRAPE_UNAUTHORIZED',
    );
  });

  test('a bearer token by value and by file, read anew for each scrape', async () => {
    plain.answer = only('Bearer t0ken');
    const bearerTokenFile = join(folder, 'token');
    writeFileSync(bearerTokenFile, 'old');
    expect(await outcome(plain, { bearerToken: 't0ken' })).toBe('ok');
    expect(await outcome(plain, { bearerTokenFile })).toBe('SCRAPE_UNAUTHORIZED');
    writeFileSync(bearerTokenFile, 't0ken\n');
    expect(await outcome(plain, { bearerTokenFile })).toBe('ok');
  });

  test('a secret file that cannot be read', async () => {
    const passwordFile = join(folder, 'nothing-here');
    const seen = plain.requests.length;
    expect(await outcome(plain, { basicAuth: { username: 'ops', passwordFile } })).toBe(
      'SCRAPE_SECRET_UNREADABLE',
    );
    // Without its secret the target is not asked at all.
    expect(plain.requests.length).toBe(seen);
  });

  test('a redirect from https to http does not carry the login', async () => {
    const seen: (string | undefined)[] = [];
    plain.answer = (request, response) => {
      seen.push(request.headers.authorization);
      good(request, response);
    };
    secure.answer = status(302, { location: `http://${plain.address}/metrics` });
    const tls = { caFile: certificates.caFile };
    expect(await outcome(secure, { scheme: 'https', tls, bearerToken: 'secret' })).toBe('ok');
    expect(seen).toEqual([undefined]);
    secure.answer = good;
  });
});
