import { expect, test } from 'vitest';
import { newReach } from '../../../main/engine/platform/site-reach.ts';
import { inventoryReach } from '../../../main/engine/site/document/inventory-reach.ts';

const file = '/etc/hmtt/password';
const jobOf = (more: object): object => ({
  settings: { job: 'app', basicAuth: { username: 'u', passwordFile: file } },
  listed: [{ targets: ['10.0.0.1:9100'], labels: { to: '10.6.6.6:80' } }],
  ...more,
});
/** What is said of a job that a document brings where another of its name is kept. */
const said = (job: object, kept: object): readonly string[] =>
  inventoryReach(new Map([['jobs', [job]]]), new Map([['jobs', [{ key: 'app', body: kept }]]])).map(
    ({ message }) => message.en,
  );

test('what is said twice of one entry is said once', () => {
  const loginFiles = [
    { file, to: '10.0.0.1:9100' },
    { file, to: '10.0.0.1:9100' },
  ];
  expect(newReach({ sendsTo: ['a', 'a'], loginFiles }, null)).toHaveLength(2);
  expect(newReach({ sendsTo: ['a'], loginFiles }, { sendsTo: ['a'], loginFiles })).toEqual([]);
});

test('a login file is named again when other rules or labels send the login elsewhere, whatever way they take', () => {
  const plain = jobOf({});
  const through = (rule: object): object => jobOf({ relabel: [rule] });
  expect(said(plain, plain)).toEqual([]);
  for (const rule of [
    { sourceLabels: ['to'], targetLabel: '__address__' },
    { action: 'labelmap', regex: 'to', replacement: '__address__' },
    { sourceLabels: ['what'], targetLabel: '__$1__', regex: '(address)' },
  ]) {
    expect(said(through(rule), plain)).toHaveLength(1);
    // The same rule, as it is kept with its defaults, is no news.
    expect(said(through(rule), through({ ...rule, separator: ';' }))).toEqual([]);
  }
  const byLabel = through({ sourceLabels: ['to'], targetLabel: '__address__' });
  const elsewhere = { ...byLabel, listed: [{ targets: ['10.0.0.1:9100'], labels: { to: '10.9.9.9:80' } }] };
  expect(said(elsewhere, byLabel)).toHaveLength(1);
  // Without rules a label leads nowhere.
  expect(said(jobOf({ listed: [{ targets: ['10.0.0.1:9100'], labels: {} }] }), plain)).toEqual([]);
});
