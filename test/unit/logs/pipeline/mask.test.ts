import { describe, expect, it } from 'vitest';
import { BUILT_IN_MASKS, compileMask, type Mask } from '../../../../main/engine/logs/pipeline/mask.ts';
import { isIdNumber, passesLuhn } from '../../../../main/engine/logs/pipeline/mask-numbers.ts';
import type { MaskingKind, MaskingRule } from '../../../../shared/contract/logs-pipelines.ts';

function maskOf(...kinds: readonly MaskingKind[]): Mask {
  return compiled(
    BUILT_IN_MASKS.filter(({ kind }) => kinds.includes(kind)).map((rule) => ({
      ...rule,
      replacement: '***',
      atIngest: true,
    })),
  );
}

function compiled(rules: readonly MaskingRule[]): Mask {
  const mask = compileMask(rules, 'ingest');
  if (!mask.ok || mask.value === null) throw new Error('no mask');
  return mask.value;
}

describe('passwords', () => {
  it.each([
    ['login user=lin password=s3cret! ok', 'login user=lin password=*** ok'],
    ['{"user":"lin","password":"a\\"b c","n":1}', '{"user":"lin","password":"***","n":1}'],
    ['body="{\\"pwd\\":\\"x y\\"}" done', 'body="{\\"pwd\\":\\"***\\"}" done'],
    ['db.password: hunter2', 'db.password: ***'],
    ["ALTER USER a IDENTIFIED BY 'geheim'", "ALTER USER a IDENTIFIED BY '***'"],
    ['backup --password geheim --to /x', 'backup --password *** --to /x'],
    ['jdbc:mysql://app:p@ss@db:3306/hmtt', 'jdbc:mysql://app:***@db:3306/hmtt'],
    ['用户登录 密码：abc123 失败', '用户登录 密码：*** 失败'],
    ['GET /login?user=a&passwd=b&x=1', 'GET /login?user=a&passwd=***&x=1'],
    ['<user>a</user><password>b c</password><n>1</n>', '<user>a</user><password>***</password><n>1</n>'],
    ['<soap:userPassword>geheim</soap:userPassword>', '<soap:userPassword>***</soap:userPassword>'],
    [
      '<wsse:Password Type="http://x/y#PasswordText">geheim</wsse:Password>',
      '<wsse:Password Type="http://x/y#PasswordText">***</wsse:Password>',
    ],
    ['<password><![CDATA[ge<heim]]></password>', '<password><![CDATA[***]]></password>'],
    ['<password>geheim', '<password>***'],
    ['GET /go?to=%2Flogin%3Fpassword%3Dgeheim%26x%3D1', 'GET /go?to=%2Flogin%3Fpassword%3D***%26x%3D1'],
    ['set password -> geheim done', 'set password -> *** done'],
    ['密码＝geheim，手机号 1', '密码＝***，手机号 1'],
  ])('%s', (line, masked) => expect(maskOf('password').text(line)).toBe(masked));

  it.each([
    'password changed for lin',
    'passenger=12',
    'the pass is closed',
    'https://host:8080/a@b',
    'password> <b>x</b>',
    '<password/> <n>1</n>',
  ])('leaves %s', (line) => expect(maskOf('password').text(line)).toBe(line));
});

describe('tokens', () => {
  it.each([
    ['Authorization: Bearer abc.def-ghi', 'Authorization: ***'],
    ['"authorization":"Basic dXNlcjpwdw=="', '"authorization":"***"'],
    ['x-api-key: k-123 next', 'x-api-key: *** next'],
    ['access_token=eyJhbGciOiJI.eyJzdWIi.sig&x=1', 'access_token=***&x=1'],
    ['got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln today', 'got *** today'],
    ['Cookie: a=b; c=d', 'Cookie: ***'],
    ['key AKIAIOSFODNN7EXAMPLE used', 'key *** used'],
  ])('%s', (line, masked) => expect(maskOf('token').text(line)).toBe(masked));

  it.each(['tokens=512 used', 'tokenizer: ready', 'token expired'])('leaves %s', (line) =>
    expect(maskOf('token').text(line)).toBe(line),
  );
});

describe('numbers', () => {
  it('knows identity numbers by date and check character', () => {
    expect(isIdNumber('11010519491231002X')).toBe(true);
    expect(isIdNumber('440524188001010014')).toBe(true);
    expect(isIdNumber('110105194912310021')).toBe(false);
    expect(isIdNumber('11010519491331002X')).toBe(false);
  });

  it('checks cards with Luhn', () => {
    expect(passesLuhn('4111111111111111')).toBe(true);
    expect(passesLuhn('4111111111111112')).toBe(false);
  });

  it.each([
    ['id 11010519491231002X.', 'id ***.'],
    ['手机13812345678登录', '手机***登录'],
    ['tel +8613812345678', 'tel +***'],
    ['tel 138-1234-5678, 138 1234 5678', 'tel ***, ***'],
    ['card 4111 1111 1111 1111 ok', 'card *** ok'],
    ['card 6222021234567890128', 'card ***'],
  ])('%s', (line, masked) => expect(maskOf('id-number', 'phone', 'bank-card').text(line)).toBe(masked));

  it.each(['trace a13812345678f', 'took 1.13812345678 s', 'ts 1700000000000', 'order 110105194912310021x9'])(
    'leaves %s',
    (line) => expect(maskOf('id-number', 'phone', 'bank-card').text(line)).toBe(line),
  );

  it('keeps a JSON line JSON where a number is hidden', () => {
    expect(maskOf('phone').text('{"phone":13812345678,"a":[1,2]}')).toBe('{"phone":"***","a":[1,2]}');
  });
});

describe('addresses', () => {
  it.each([
    ['mail from li.na@corp.example.cn ok', 'mail from *** ok'],
    ['peer 10.0.0.7:514 and fe80::1', 'peer ***:514 and ***'],
  ])('%s', (line, masked) => expect(maskOf('email', 'ip').text(line)).toBe(masked));

  it.each(['version 1.2.3.4.5', 'at 12:30:45 done', 'std::vec'])('leaves %s', (line) =>
    expect(maskOf('email', 'ip').text(line)).toBe(line),
  );
});

describe('rules of one’s own', () => {
  const own: MaskingRule = {
    id: 'own',
    kind: 'pattern',
    name: 'Badge',
    pattern: 'badge (\\d+)',
    replacement: '#',
    atIngest: true,
    atExport: false,
  };

  it('hides the first group', () => expect(compiled([own]).text('badge 77 in')).toBe('badge # in'));

  it('is in force only where it is told to be', () => {
    const mask = compileMask([own], 'export');
    expect(mask.ok && mask.value).toBeNull();
  });

  it('refuses what RE2 cannot do, by name', () => {
    const mask = compileMask([{ ...own, pattern: '(?=x)y' }], 'ingest');
    expect(!mask.ok && mask.error.code).toBe('LOG_PATTERN_INVALID');
  });

  it('masks twice as once', () => {
    const rules = BUILT_IN_MASKS.map((rule) => ({ ...rule, atIngest: true }));
    const mask = compiled(rules);
    const line = 'password=a b token: "x" 13812345678 4111111111111111 a@b.cn 10.0.0.1 //u:p@h';
    expect(mask.text(mask.text(line))).toBe(mask.text(line));
  });
});
