import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canonicalJson, openSigner } from '../../../main/engine/platform/signing.ts';
import { checkEvidence, evidenceHash, makeEvidence } from '../../../main/engine/restore/evidence.ts';
import type { RestorePlan } from '../../../shared/contract/restore.ts';
import { evidenceSchema } from '../../../shared/contract/restore.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const plan: RestorePlan = {
  id: 'p',
  hash: 'h',
  pointId: 'x',
  planName: 'core',
  pointAt: 1_000,
  targetDir: '/t',
  original: false,
  overwrite: 'never',
  selection: [],
  totals: {
    restore: { files: 2, bytes: 10 },
    update: { files: 0, bytes: 0 },
    same: { files: 0, bytes: 0 },
    skip: { files: 0, bytes: 0 },
    remove: { files: 0, bytes: 0 },
  },
  freeBytes: 100,
  neededBytes: 10,
  confirmWord: 'core',
  createdAt: 2_000,
  owners: { mode: 'keep', users: [], groups: [] },
  strip: '',
  renames: [],
  safety: null,
  appCheck: null,
  hosts: [],
  undoOf: null,
  host: null,
};
const facts = {
  restoreId: 'p',
  plan,
  operator: 'op',
  workstation: 'ws',
  consoleVersion: '0',
  startedAt: 5_000,
  finishedAt: 9_000,
  interruptions: 1,
  rtoMs: 60_000,
  result: { files: 2, bytes: 10, verified: 2, failed: 0, attributesMissing: 0 },
  cancelled: false,
  failures: [],
  ownersRestored: true,
  unsafe: 0,
  unsupported: 0,
  rpoMs: null,
  appCheck: null,
  hosts: [],
  safety: null,
};

test('the evidence is a valid document that carries the hash of the rest of itself', () => {
  const evidence = evidenceSchema.parse(makeEvidence(facts));
  const { sha256, ...rest } = evidence;
  expect(evidenceHash(rest)).toBe(sha256);
  expect(evidenceHash({ ...rest, files: 3 })).not.toBe(sha256);
  expect(evidence).toMatchObject({
    outcome: 'verified',
    durationMs: 4_000,
    dataAgeMs: 4_000,
    interruptions: 1,
  });
});

test('what did not come back is said', () => {
  const evidence = makeEvidence({
    ...facts,
    ownersRestored: false,
    unsafe: 2,
    result: { ...facts.result, failed: 1, attributesMissing: 0 },
  });
  expect(evidence.outcome).toBe('with_failures');
  expect(evidence.notes.some((note) => note.en.includes('2 paths were unsafe'))).toBe(true);
  expect(evidence.notes.some((note) => note.en.includes('Owners'))).toBe(true);
});

test('canonical JSON does not depend on the order of members', () => {
  expect(canonicalJson({ b: 1, a: [{ d: null, c: 'x' }] })).toBe(
    canonicalJson({ a: [{ c: 'x', d: null }], b: 1 }),
  );
});

test('a clock that was set back gives no negative durations, and the evidence says so in both languages', () => {
  const evidence = makeEvidence({ ...facts, startedAt: 500, finishedAt: 100 });
  expect(evidence).toMatchObject({ durationMs: 0, dataAgeMs: 0 });
  const note = evidence.notes.find(({ en }) => en.includes('set back'));
  expect(note?.zh).toContain('往回拨');
});

test('signed evidence tells any change, also of a member that this version does not know', () => {
  let stored = '';
  const dir = temporaryFolder('signing');
  const signer = openSigner(join(dir, 'key.pem'), (file, pem) => {
    stored = pem;
    writeFileSync(file, pem, { mode: 0o600 });
  });
  expect(stored).toContain('PRIVATE KEY');
  const evidence = JSON.parse(JSON.stringify(makeEvidence(facts, signer)));
  expect(checkEvidence(evidence)).toEqual({ intact: true, signed: true, fingerprint: signer.fingerprint });
  expect(checkEvidence({ ...evidence, files: 3 }).intact).toBe(false);
  expect(checkEvidence({ ...evidence, later: true }).intact).toBe(false);
  // Whoever changes it and makes the hash right again has no key.
  const { sha256: _old, signature, ...rest } = evidence;
  const forged = { ...rest, files: 3, sha256: evidenceHash({ ...rest, files: 3 }), signature };
  expect(checkEvidence(forged)).toMatchObject({ intact: false, signed: false });
  // The same key is found again, and another console's is another.
  const again = openSigner(join(dir, 'key.pem'), () => undefined);
  expect(again.fingerprint).toBe(signer.fingerprint);
  const { signature: _none, ...unsigned } = evidence;
  expect(checkEvidence(unsigned)).toMatchObject({ intact: true, signed: false });
});
