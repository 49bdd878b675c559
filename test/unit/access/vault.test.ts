import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isSealed } from '#shared/contract/secrets.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import { newKey } from '../../../main/engine/access/secrets/cipher.ts';
import {
  newCost,
  passphraseKey,
  portablePassphraseKey,
} from '../../../main/engine/access/secrets/passphrase-key.ts';
import { HTTP_SECRETS } from '../../../main/engine/platform/secrets.ts';
import { scrub } from '../../../main/engine/storage/scrub.ts';
import { consoleDatabase } from '../../helpers/notices.ts';
import { LOW_COST, newVault } from '../../helpers/secrets.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const PLACE = 'https://app-1:9100';
const OWNER = { area: 'scrape', id: 'app-1', place: PLACE };
const PASSPHRASE = 'four unrelated words here';
const OTHER = 'another five words to remember';

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message.en}`);
  return result.value;
}
const code = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.code);

/** A store on a folder, as an engine's start opens it. */
function start(folder: string) {
  const db = consoleDatabase(folder);
  return { vault: newVault(db), db, stop: () => db.close() };
}

/** Every byte of a folder. */
const bytesOf = (folder: string): string =>
  readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n');

/** A vault that holds one password; its reference. */
function withPassword(folder: string) {
  const made = start(folder);
  const config = { basicAuth: { username: 'ops', password: 'planted' }, job: 'node' };
  const sealed = value(made.vault.seal(config, HTTP_SECRETS, OWNER));
  return { ...made, sealed, ref: sealed.basicAuth.password };
}

test('a secret is sealed at once, kept over restarts by a key file, and opens at its place only', () => {
  const folder = temporaryFolder();
  const { vault, sealed, ref, stop } = withPassword(folder);
  expect(isSealed(ref)).toBe(true);
  expect(sealed).toMatchObject({ job: 'node', basicAuth: { username: 'ops' } });
  expect(vault.open(ref, PLACE)).toEqual(ok('planted'));
  expect(code(vault.open(ref, 'https://evil:9100'))).toBe('SECRET_ELSEWHERE');
  expect(code(vault.open(ref, ''))).toBe('SECRET_ELSEWHERE');
  expect(code(vault.open('sealed:00000000-0000-4000-8000-000000000000', PLACE))).toBe('SECRET_UNKNOWN');
  expect(vault.status()).toMatchObject({
    state: 'open',
    guards: [{ kind: 'file' }],
    secrets: [{ area: 'scrape', field: 'basicAuth.password', place: PLACE }],
  });
  expect(statSync(join(folder, 'secrets.key')).mode & 0o777).toBe(0o600);
  expect(bytesOf(folder)).not.toContain('planted');
  stop();
  const again = start(folder);
  expect(again.vault.open(ref, PLACE)).toEqual(ok('planted'));
  again.stop();
});

test('what is sealed already stays, another owner gets an entry of its own, and what is unused goes', () => {
  const { vault, sealed, ref, stop } = withPassword(temporaryFolder());
  expect(value(vault.seal(sealed, HTTP_SECRETS, OWNER))).toBe(sealed);
  const moved = { ...OWNER, place: 'http://elsewhere:80' };
  expect(code(vault.seal(sealed, HTTP_SECRETS, moved))).toBe('SECRET_ELSEWHERE');
  const copy = value(vault.seal(sealed, HTTP_SECRETS, { ...OWNER, id: 'app-2' }));
  expect(copy.basicAuth.password).not.toBe(ref);
  vault.settle({ area: 'scrape', id: 'app-1' }, null);
  expect(code(vault.open(ref, PLACE))).toBe('SECRET_UNKNOWN');
  expect(vault.open(copy.basicAuth.password, PLACE)).toEqual(ok('planted'));
  const plain = { job: 'node', basicAuth: { username: 'ops', password: '' } };
  expect(value(vault.seal(plain, HTTP_SECRETS, OWNER))).toBe(plain);
  stop();
});

test('a passphrase takes the place of the key file, locks, and opens after a restart', async () => {
  const folder = temporaryFolder();
  const first = withPassword(folder);
  const key = readFileSync(join(folder, 'secrets.key'), 'latin1').trim();
  expect(code(first.vault.lock())).toBe('SECRETS_NO_PASSPHRASE');
  expect(code(await first.vault.setPassphrase('short', undefined))).toBe('SECRETS_PASSPHRASE_SHORT');
  value(await first.vault.setPassphrase(PASSPHRASE, undefined));
  expect(existsSync(join(folder, 'secrets.key'))).toBe(false);
  expect(first.vault.status().guards).toMatchObject([{ kind: 'passphrase' }]);
  expect(first.vault.open(first.ref, PLACE)).toEqual(ok('planted'));
  value(first.vault.lock());
  expect(code(first.vault.open(first.ref, PLACE))).toBe('SECRETS_LOCKED');
  const more = { bearerToken: 'more' };
  expect(code(first.vault.seal(more, HTTP_SECRETS, OWNER))).toBe('SECRETS_LOCKED');
  first.stop();
  const { vault, stop } = start(folder);
  expect(vault.status().state).toBe('locked');
  expect(code(await vault.unlock('a wrong passphrase'))).toBe('SECRETS_WRONG_PASSPHRASE');
  expect(vault.status().state).toBe('locked');
  value(await vault.unlock(PASSPHRASE));
  expect(vault.open(first.ref, PLACE)).toEqual(ok('planted'));
  stop();
  const disk = bytesOf(folder);
  for (const secret of ['planted', PASSPHRASE, key]) expect(disk).not.toContain(secret);
});

test('changing the passphrase asks for the old one and makes it useless', async () => {
  const folder = temporaryFolder();
  const first = withPassword(folder);
  value(await first.vault.setPassphrase(PASSPHRASE, undefined));
  expect(code(await first.vault.setPassphrase(OTHER, undefined))).toBe('SECRETS_WRONG_PASSPHRASE');
  value(await first.vault.setPassphrase(OTHER, PASSPHRASE));
  expect(code(await first.vault.removePassphrase(OTHER))).toBe('SECRETS_LAST_GUARD');
  first.stop();
  const { vault, stop } = start(folder);
  expect(code(await vault.unlock(PASSPHRASE))).toBe('SECRETS_WRONG_PASSPHRASE');
  value(await vault.unlock(OTHER));
  expect(vault.open(first.ref, PLACE)).toEqual(ok('planted'));
  stop();
});

test('a key store takes the key file away, opens by itself, and stands beside a passphrase', async () => {
  const folder = temporaryFolder();
  const store = newKey();
  const first = withPassword(folder);
  first.vault.offerKeyStore(store);
  expect(first.vault.status()).toMatchObject({ keyStoreOffered: true, guards: [{ kind: 'key_store' }] });
  expect(existsSync(join(folder, 'secrets.key'))).toBe(false);
  first.stop();
  const second = start(folder);
  expect(second.vault.status().state).toBe('locked');
  second.vault.offerKeyStore(newKey());
  expect(second.vault.status().state).toBe('locked');
  second.vault.offerKeyStore(store);
  expect(second.vault.open(first.ref, PLACE)).toEqual(ok('planted'));
  value(await second.vault.setPassphrase(PASSPHRASE, undefined));
  expect(second.vault.status().guards.map(({ kind }) => kind)).toEqual(['key_store', 'passphrase']);
  second.stop();
  // Another account of the machine: the passphrase opens, and its key store takes part from then on.
  const other = newKey();
  const third = start(folder);
  third.vault.offerKeyStore(other);
  value(await third.vault.unlock(PASSPHRASE));
  third.stop();
  const fourth = start(folder);
  fourth.vault.offerKeyStore(other);
  expect(fourth.vault.open(first.ref, PLACE)).toEqual(ok('planted'));
  value(await fourth.vault.removePassphrase(PASSPHRASE));
  expect(fourth.vault.status().guards).toMatchObject([{ kind: 'key_store' }]);
  fourth.stop();
});

test('a row that was given another place, or other bytes, says that it is damaged', () => {
  const { vault, db, ref, stop } = withPassword(temporaryFolder());
  db.prepare('UPDATE secret SET place = ?').run('https://evil:9100');
  expect(code(vault.open(ref, 'https://evil:9100'))).toBe('SECRETS_DAMAGED');
  db.prepare('UPDATE secret SET place = ?, sealed = zeroblob(40)').run(PLACE);
  expect(code(vault.open(ref, PLACE))).toBe('SECRETS_DAMAGED');
  stop();
});

test('a lost key file locks the store instead of breaking the start', async () => {
  const folder = temporaryFolder();
  const first = withPassword(folder);
  first.stop();
  const { rmSync } = await import('node:fs');
  rmSync(join(folder, 'secrets.key'));
  const { vault, stop } = start(folder);
  expect(vault.status().state).toBe('locked');
  expect(code(vault.open(first.ref, PLACE))).toBe('SECRETS_LOCKED');
  stop();
});

test('secrets under a name serve several settings', () => {
  const { vault, stop } = start(temporaryFolder());
  value(vault.put('db-readonly', 'one'));
  value(vault.put('db-readonly', 'two'));
  expect(vault.named('db-readonly')).toEqual(ok('two'));
  expect(vault.status().secrets).toMatchObject([{ area: 'named', field: 'db-readonly', place: '' }]);
  value(vault.remove('db-readonly'));
  expect(code(vault.remove('db-readonly'))).toBe('NOT_FOUND');
  expect(code(vault.named('db-readonly'))).toBe('SECRET_UNKNOWN');
  stop();
});

test('wiping leaves nothing in free pages, the log or copies of before', () => {
  const folder = temporaryFolder();
  const db = consoleDatabase(folder);
  db.exec('CREATE TABLE kept (config TEXT)');
  for (let i = 0; i < 200; i += 1) db.prepare('INSERT INTO kept VALUES (?)').run(`{"p":"planted-${i}"}`);
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.exec(`VACUUM INTO '${join(folder, 'console.db.before-v9')}'`);
  db.exec(`UPDATE kept SET config = '{}'`);
  expect(bytesOf(folder)).toContain('planted');
  scrub(db, [`UPDATE kept SET config = json_remove(config, '$.p')`, 'UPDATE lacking SET a = 1']);
  expect(bytesOf(folder)).not.toContain('planted');
  db.close();
});

test('both implementations of Argon2id give the same key', async () => {
  const cost = newCost({ memoryKiB: 256, passes: 2, lanes: 2 });
  const native = await passphraseKey('pässwörd', cost);
  const portable = await portablePassphraseKey(
    Buffer.from('pässwörd'.normalize('NFKC')),
    Buffer.from(cost.salt, 'base64'),
    cost,
  );
  expect(Buffer.from(native)).toEqual(Buffer.from(portable));
  expect(Buffer.from(await passphraseKey('password', newCost(LOW_COST)))).not.toEqual(Buffer.from(native));
});
