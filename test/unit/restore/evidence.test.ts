import { expect, test } from 'vitest';
import { canonicalJson } from '../../../main/engine/platform/signing.ts';
import { evidenceHash, makeEvidence } from '../../../main/engine/restore/evidence.ts';
import type { RestorePlan } from '../../../shared/contract/restore.ts';
import { evidenceSchema } from '../../../shared/contract/restore.ts';

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
