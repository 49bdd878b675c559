import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillDocument, planAnswer } from '../../../main/shell/app-files.ts';
import { contentPolicy, isOwnAddress } from '../../../main/shell/content-policy.ts';

const root = '/opt/console/renderer';

test.each(['/', '/index.html', '/hosts/app-2', '/hosts/db-1.site', '/logs?query=a%2Fb', '/备份/计划'])(
  '%s is an address inside the app',
  (path) => {
    expect(planAnswer('GET', `app://console${path}`, root)).toEqual({ kind: 'document' });
  },
);

test.each([
  ['/assets/index-abc.js', '/opt/console/renderer/assets/index-abc.js', 'text/javascript; charset=utf-8'],
  ['/assets/a.css?x=1', '/opt/console/renderer/assets/a.css', 'text/css; charset=utf-8'],
  ['/fonts/f.WOFF2', '/opt/console/renderer/fonts/f.WOFF2', 'font/woff2'],
])('%s is a file', (path, file, type) => {
  expect(planAnswer('GET', `app://console${path}`, root)).toEqual({ kind: 'file', path: file, type });
});

test.each([
  ['POST', 'app://console/', 405],
  ['GET', 'nonsense', 400],
  ['GET', 'app://elsewhere/index.html', 403],
  ['GET', 'file:///etc/passwd', 403],
  ['GET', 'app://console/..%2f..%2fsecret.json', 403],
  ['GET', 'app://console/a/..%5c..%5csecret.json', 403],
  ['GET', 'app://console/a%00.js', 403],
  ['GET', 'app://console/%zz.js', 403],
])('%s %s is refused with %i', (method, address, status) => {
  expect(planAnswer(method, address, root)).toMatchObject({ kind: 'refused', status });
});

test('no address whatever leads out of the folder', () => {
  const piece = fc.oneof(
    fc.constantFrom('..', '.', '%2e%2e', '%2E.', '%2f', '%5c', '\\', '/', '//', '%00', 'a.js', '~', 'C:'),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const answer = planAnswer('GET', `app://console/${pieces.join('/')}.js`, root);
      if (answer.kind === 'file') {
        expect(answer.path.startsWith(`${root}/`)).toBe(true);
        expect(answer.path.split('/')).not.toContain('..');
      }
    }),
  );
});

test('the document carries the language', () => {
  const html = '<!doctype html>\n<html lang="zh-CN">\n<head><title>x</title></head></html>';
  expect(fillDocument(html, 'en')).toBe(
    '<!doctype html>\n<html lang="en">\n<head><title>x</title></head></html>',
  );
});

test('the policy starts from nothing and lets no inline script, eval or foreign origin in', () => {
  expect(contentPolicy).toMatch(/^default-src 'none'; script-src 'self';/);
  expect(contentPolicy).toContain("connect-src 'none'");
  expect(contentPolicy).not.toMatch(/unsafe|https?:|\*/);
});

test.each([
  ['app://console', true],
  ['app://console/', true],
  ['app://console/x', true],
  ['app://console.example/', false],
  ['app://consolex', false],
  ['app://user@console/', false],
  ['http://console/', false],
])('%s is an own address: %s', (address, own) => {
  expect(isOwnAddress(address)).toBe(own);
});
