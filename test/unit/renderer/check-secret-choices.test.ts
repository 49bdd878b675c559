import { expect, test } from 'vitest';
import { checkSchema } from '#shared/contract/checks.ts';
import { type SealedSecret, secretNameSchema } from '#shared/contract/secrets.ts';
import { newSecretName, secretChoices } from '../../../renderer/pages/hosts/checks/secret-choices.ts';

const secret = (area: string, field: string): SealedSecret => ({
  id: field,
  area,
  field,
  place: '',
  sealedAt: 0,
});
const check = (what: object) => checkSchema.parse({ name: 'c', hostId: 'h', what });
const database = { kind: 'postgresql', host: 'db-1', port: 5432, user: 'hmtt' };

test('secrets that checks of the host use stand first; those that belong to other settings are no choice', () => {
  const secrets = [secret('named', 'a'), secret('named', 'b'), secret('named', 'c'), secret('named', 'd')];
  const checks = [
    check({ ...database, password: 'c' }),
    check({ kind: 'http', url: 'http://db-1/', bearer: 'a' }),
    check({ kind: 'zabbix', host: 'db-1', port: 10050, items: ['x'], psk: { identity: 'i', key: 'd' } }),
    check({ kind: 'icmp', host: 'db-1' }),
  ];
  const all = [...secrets, secret('scrape', 'basicAuth.password')];
  expect(secretChoices(all, checks, '')).toEqual({
    ofHost: ['a', 'c', 'd'],
    others: ['b'],
    isMissing: false,
  });
  expect(secretChoices(all, checks, 'b').isMissing).toBe(false);
  expect(secretChoices(all, checks, 'basicAuth.password').isMissing).toBe(true);
  expect(secretChoices(all, checks, 'gone').isMissing).toBe(true);
});

test('a new secret has a name that may be used and is not taken, whatever the address', () => {
  expect(newSecretName('db-1', 'password', [])).toBe('db-1.password');
  expect(newSecretName('db-1', 'password', ['db-1.password', 'db-1.password-2'])).toBe('db-1.password-3');
  for (const host of ['fe80::1', '[::1]:9100', '数据库', '', '-', `${'a'.repeat(300)}.example`])
    expect(secretNameSchema.safeParse(newSecretName(host, 'pskKey', [])).success, host).toBe(true);
});
