import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ChainAnchor, VerifyReport } from '#shared/contract/logs-rotation-runs.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { anchorText, hashOfLine, NO_PREVIOUS, readAnchor } from '../../platform/hash-chain.ts';
import type { DocumentSigner } from '../../platform/signing.ts';
import { resultUnder, type TaskStarter } from '../../platform/worker-tasks.ts';
import { readLines } from '../../storage/line-file.ts';
import { type FoundFile, judgeChain, judgeFiles, livingSegments, readCheckpoint } from './chain.ts';
import type { RotationJournal } from './journal.ts';

/** What verifying needs. */
export type VerifyDeps = {
  readonly journal: RotationJournal;
  readonly archive: string;
  readonly chainFile: string;
  readonly clock: Clock;
  readonly tasks: TaskStarter;
  readonly signer: () => DocumentSigner;
};

/** A file that a thread hashed: SHA-256, or why it could not. */
export type HashedFile = { readonly file: string; readonly hash: string | null; readonly why: string };

/** The end of the chain as it stands. */
export function anchorOf(deps: Pick<VerifyDeps, 'journal' | 'clock' | 'signer'>): ChainAnchor {
  const last = deps.journal.lastCheckpoint();
  const hash = last === null ? NO_PREVIOUS : hashOfLine(last.line);
  const keyFingerprint = deps.signer().fingerprint;
  const checkpoint = last?.n ?? 0;
  const text = anchorText('hmtt-anchor', { n: checkpoint, hash, fingerprint: keyFingerprint });
  const at = (last === null ? null : readCheckpoint(last.line)?.at) ?? deps.clock.now();
  return { checkpoint, at, hash, keyFingerprint, text };
}

/**
 * Reads the whole chain and every segment again, and says what is not as it was recorded.
 *
 * @param anchor a line that was written down earlier
 */
export async function verifyArchive(
  deps: VerifyDeps,
  anchor: string | undefined,
  signal: AbortSignal,
): Promise<Result<VerifyReport>> {
  const began = deps.clock.monotonic();
  const { journal, archive, chainFile } = deps;
  const expected = anchor === undefined ? null : readAnchor('hmtt-anchor', anchor);
  if (anchor !== undefined && expected === null)
    return err(appError('BAD_INPUT', { method: 'logs verify', field: 'anchor', why: 'not an anchor' }));
  const known = journal.lines();
  let lines: readonly string[] | null;
  try {
    lines = readLines(chainFile);
  } catch (thrown) {
    return err(appError('FILE_UNREADABLE', { file: chainFile, why: describeThrown(thrown) }));
  }
  const { checkpoints, findings } = judgeChain(
    known.length === 0 && lines === null ? [] : lines,
    known,
    deps.signer().fingerprint,
    expected,
  );
  // Where the file was cut, what console.db still knows says which segments there must be.
  const believed =
    checkpoints.length >= known.length ? checkpoints : known.flatMap((line) => readCheckpoint(line) ?? []);
  const { living, removed } = livingSegments(believed);
  const places = new Map(journal.segments().map(({ id, file }) => [id, file]));
  const wanted = [...living].map(([id, { segment }]) => ({ id, file: places.get(id) ?? segment.file }));
  const run = deps.tasks<readonly HashedFile[]>(
    'logs.rotate.hash',
    wanted.map(({ file }) => file),
  );
  const hashed = await resultUnder(signal, run);
  if (signal.aborted) return err(appError('CANCELLED'));
  const byFile = new Map(hashed.map((one) => [one.file, one]));
  const found = new Map(
    wanted.flatMap(({ id, file }): [string, FoundFile][] => {
      const one = byFile.get(file);
      return one === undefined ? [] : [[id, one]];
    }),
  );
  const all = [
    ...findings,
    ...judgeFiles(living, found, unknownFiles(archive, new Set(wanted.map(({ file }) => file)))),
  ];
  noteVerified(deps, living, found);
  return ok({
    ok: all.length === 0,
    checkpoints: checkpoints.length,
    segments: living.size,
    bytes: [...living.values()].reduce((sum, { segment }) => sum + segment.storedBytes, 0),
    removed,
    findings: all,
    anchor: anchorOf(deps),
    tookMs: deps.clock.monotonic() - began,
  });
}

function noteVerified(
  { journal, clock }: VerifyDeps,
  living: ReturnType<typeof livingSegments>['living'],
  found: ReadonlyMap<string, FoundFile>,
): void {
  const verifiedAt = clock.now();
  journal.noteSegments(
    journal.segments().map((segment) => ({
      ...segment,
      verifiedAt,
      verifiedOk: found.get(segment.id)?.hash === living.get(segment.id)?.segment.storedSha256,
    })),
  );
}

/** Files in the folders of the archive that nobody recorded; work in progress is none. */
function unknownFiles(archive: string, known: ReadonlySet<string>): readonly string[] {
  if (!existsSync(archive)) return [];
  return readdirSync(archive, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(archive, name)).map((file) => join(archive, name, file)))
    .filter((file) => !file.endsWith('.part') && !known.has(file));
}
