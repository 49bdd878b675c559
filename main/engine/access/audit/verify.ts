import type { AuditReport } from '#shared/contract/audit.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { type Anchor, hashOfLine, readAnchor } from '../../platform/hash-chain.ts';
import type { Work } from '../../platform/portions.ts';
import { isSignedBy } from '../../platform/signing.ts';
import { readEntry } from './entry.ts';
import { ChainJudge, type JudgeExpectation } from './judge.ts';

/** Lines between two looks at the clock; they take about a millisecond. */
const PORTION = 20;

/** Reads an anchor of a trail; none is null, and what is no anchor is refused as BAD_INPUT. */
export function anchorOf(text: string | undefined): Result<Anchor | null> {
  if (text === undefined) return ok(null);
  const anchor = readAnchor('hmtt-audit-anchor', text);
  if (anchor !== null) return ok(anchor);
  return err(appError('BAD_INPUT', { method: 'audit verify', field: 'anchor', why: 'not an anchor' }));
}

/** What a trail must hold: the checkpoints that were kept beside it, and the anchor. */
export function expectation(
  fingerprint: string | null,
  checkpoints: readonly string[],
  anchor: Anchor | null,
  endsWithCheckpoint: boolean,
): JudgeExpectation {
  const marks = new Map<number, string[]>();
  const mark = (n: number, hash: string): void => {
    marks.set(n, [...(marks.get(n) ?? []), hash]);
  };
  for (const line of checkpoints) {
    const entry = readEntry(line);
    // Only what was signed is evidence; a spoilt copy says nothing about the chain.
    if (entry?.kind !== 'checkpoint') continue;
    const { signature, ...document } = entry;
    if (isSignedBy(document, signature)) mark(entry.n, hashOfLine(line));
  }
  if (anchor !== null) mark(anchor.n, anchor.hash);
  return { fingerprint: anchor?.fingerprint ?? fingerprint, marks, endsWithCheckpoint };
}

/** Judges a chain of lines, in portions. */
export function* judgeLines(
  lines: Iterable<string>,
  expected: JudgeExpectation,
  monotonic: () => number,
  progress: (done: number) => void,
): Work<AuditReport> {
  const began = monotonic();
  const judge = new ChainJudge(expected);
  let done = 0;
  for (const line of lines) {
    judge.take(line);
    done += 1;
    if (done % PORTION !== 0) continue;
    progress(done);
    yield;
  }
  return judge.end(monotonic() - began);
}
