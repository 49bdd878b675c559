import * as z from 'zod';
import type { ChainFinding } from '#shared/contract/logs-rotation-runs.ts';
import { type Anchor, hashOfLine, NO_PREVIOUS } from '../../platform/hash-chain.ts';
import { canonicalJson, type DocumentSigner, isSignedBy } from '../../platform/signing.ts';

/** What a checkpoint says of a segment. */
const chainSegmentSchema = z.object({
  id: z.string(),
  policy: z.string(),
  source: z.string(),
  file: z.string(),
  lines: z.int(),
  bytes: z.number(),
  sha256: z.string(),
  storedBytes: z.number(),
  storedSha256: z.string(),
  codec: z.enum(['zstd', 'gzip', 'none']),
  encrypted: z.boolean(),
});
export type ChainSegment = z.infer<typeof chainSegmentSchema>;

const checkpointSchema = z.object({
  v: z.literal(1),
  n: z.int().min(1),
  at: z.int(),
  kind: z.enum(['segment', 'repacked', 'removed']),
  reason: z.enum(['retention', 'hand']).optional(),
  previous: z.string(),
  segment: chainSegmentSchema,
  signature: z.object({
    algorithm: z.literal('Ed25519'),
    publicKey: z.string(),
    fingerprint: z.string(),
    value: z.string(),
  }),
});

/** One line of the chain (docs/log-rotation.md, "Checkpoints"). */
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** Makes the next line of a chain. */
export function makeCheckpoint(
  last: { readonly n: number; readonly line: string } | null,
  at: number,
  change:
    | { readonly kind: 'segment' | 'repacked'; readonly segment: ChainSegment }
    | {
        readonly kind: 'removed';
        readonly reason: 'retention' | 'hand';
        readonly segment: ChainSegment;
      },
  signer: DocumentSigner,
): { readonly n: number; readonly line: string } {
  const n = (last?.n ?? 0) + 1;
  const document = { v: 1, n, at, previous: last === null ? NO_PREVIOUS : hashOfLine(last.line), ...change };
  return { n, line: canonicalJson({ ...document, signature: signer.sign(document) }) };
}

/** Reads a line; null when it is no checkpoint in its one spelling. */
export function readCheckpoint(line: string): Checkpoint | null {
  try {
    const parsed = checkpointSchema.safeParse(JSON.parse(line));
    return parsed.success && canonicalJson(JSON.parse(line)) === line ? parsed.data : null;
  } catch {
    // Bytes that are no JSON are a changed checkpoint; the caller says so.
    return null;
  }
}

const finding = (
  kind: ChainFinding['kind'],
  checkpoint: number | null,
  zh: string,
  en: string,
  file: string | null = null,
): ChainFinding => ({ kind, checkpoint, file, sentence: { zh, en } });

/** What a chain says: the checkpoints that can be believed, in their order, and what is wrong. */
export type ChainJudgement = {
  readonly checkpoints: readonly Checkpoint[];
  readonly findings: readonly ChainFinding[];
};

/**
 * Judges the lines of a chain. Pure.
 *
 * @param lines of `checkpoints.ndjson`; null when the file is not there
 * @param known the same lines as console.db holds them; empty when only the file is at hand
 * @param fingerprint of the console's key; null: of whoever signed the first line
 * @param anchor what was written down earlier
 */
export function judgeChain(
  lines: readonly string[] | null,
  known: readonly string[],
  fingerprint: string | null,
  anchor: Anchor | null = null,
): ChainJudgement {
  const findings: ChainFinding[] = [];
  if (lines === null && known.length > 0)
    findings.push(finding('chain_cut', null, '检查点文件不见了。', 'The file of checkpoints is gone.'));
  const read = lines ?? [];
  const numbers = new Map(read.map((line, index) => [readCheckpoint(line)?.n ?? -1 - index, index]));
  const good: Checkpoint[] = [];
  let key = fingerprint;
  for (const [index, line] of read.entries()) {
    const n = index + 1;
    const checkpoint = readCheckpoint(line);
    if (checkpoint === null) {
      findings.push(
        finding('checkpoint_changed', n, `第 ${n} 号检查点被改动。`, `Checkpoint ${n} was changed.`),
      );
      continue;
    }
    const { signature, ...document } = checkpoint;
    if (!isSignedBy(document, signature)) {
      findings.push(
        finding(
          'checkpoint_changed',
          checkpoint.n,
          `第 ${checkpoint.n} 号检查点被改动：签名不符。`,
          `Checkpoint ${checkpoint.n} was changed: it is not what was signed.`,
        ),
      );
      continue;
    }
    key ??= signature.fingerprint;
    if (signature.fingerprint !== key)
      findings.push(
        finding(
          'foreign_key',
          checkpoint.n,
          `第 ${checkpoint.n} 号检查点由另一密钥签名（${signature.fingerprint.slice(0, 16)}…）。`,
          `Checkpoint ${checkpoint.n} was signed by another key (${signature.fingerprint.slice(0, 16)}…).`,
        ),
      );
    good.push(checkpoint);
  }
  findings.push(...orderFindings(read, numbers, good));
  if (known.length > read.length && lines !== null)
    findings.push(
      finding(
        'chain_cut',
        read.length + 1,
        `链在第 ${read.length} 号检查点之后被截断：应有 ${known.length} 个。`,
        `The chain was cut after checkpoint ${read.length}: there were ${known.length}.`,
      ),
    );
  else if (known.length < read.length && fingerprint !== null)
    findings.push(
      finding(
        'chain_cut',
        known.length + 1,
        `控制台数据库只有 ${known.length} 个检查点，文件中有 ${read.length} 个。`,
        `The console's database has ${known.length} checkpoints, the file ${read.length}.`,
      ),
    );
  for (const [index, line] of known.entries())
    if (
      read[index] !== undefined &&
      read[index] !== line &&
      !findings.some((f) => f.checkpoint === index + 1)
    )
      findings.push(
        finding(
          'checkpoint_changed',
          index + 1,
          `第 ${index + 1} 号检查点与控制台数据库中的不同。`,
          `Checkpoint ${index + 1} differs from the one in the console's database.`,
        ),
      );
  if (anchor !== null) findings.push(...anchorFindings(anchor, read, key));
  return { checkpoints: good.toSorted((a, b) => a.n - b.n), findings };
}

/** Numbers out of order, gaps, and lines that do not name the one before them. */
function orderFindings(
  read: readonly string[],
  numbers: ReadonlyMap<number, number>,
  good: readonly Checkpoint[],
): readonly ChainFinding[] {
  const findings: ChainFinding[] = [];
  const highest = Math.max(0, ...good.map(({ n }) => n));
  for (let n = 1; n <= highest; n += 1)
    // Where a line could not be read, the number that stands there is that of the changed checkpoint.
    if (!numbers.has(n) && (read[n - 1] === undefined || readCheckpoint(read[n - 1] ?? '') !== null))
      findings.push(
        finding('checkpoint_missing', n, `缺少第 ${n} 号检查点。`, `Checkpoint ${n} is missing.`),
      );
  let before = 0;
  for (const { n } of good) {
    if (n <= before)
      findings.push(
        finding(
          'checkpoint_reordered',
          n,
          `第 ${n} 号检查点不在原位，排在第 ${before} 号之后。`,
          `Checkpoint ${n} is not in its place: it stands behind ${before}.`,
        ),
      );
    before = Math.max(before, n);
  }
  for (const checkpoint of good) {
    const { n, previous } = checkpoint;
    const at = numbers.get(n - 1);
    const expected = n === 1 ? NO_PREVIOUS : at === undefined ? null : hashOfLine(read[at] ?? '');
    if (expected !== null && expected !== previous)
      findings.push(
        finding(
          'checkpoint_changed',
          n - 1,
          `第 ${n - 1} 号检查点不是第 ${n} 号所承接的那一个。`,
          `Checkpoint ${n - 1} is not the one that ${n} was made after.`,
        ),
      );
  }
  return findings;
}

function anchorFindings(
  anchor: Anchor,
  read: readonly string[],
  key: string | null,
): readonly ChainFinding[] {
  const line = read.find((one) => readCheckpoint(one)?.n === anchor.n);
  const same = anchor.n === 0 || (line !== undefined && hashOfLine(line) === anchor.hash);
  if (same && (key === null || key === anchor.fingerprint)) return [];
  return [
    finding(
      'anchor_differs',
      anchor.n,
      line === undefined
        ? `链中没有锚点所记的第 ${anchor.n} 号检查点：链被截断或重写。`
        : `第 ${anchor.n} 号检查点与锚点不符：链在记下锚点之后被重写。`,
      line === undefined
        ? `The chain has no checkpoint ${anchor.n}, which the anchor names: it was cut or made anew.`
        : `Checkpoint ${anchor.n} is not the anchor's: the chain was made anew since the anchor was written down.`,
    ),
  ];
}

/** Segments that are alive according to a chain, with the number of the checkpoint that holds for each; and how many were removed. */
export function livingSegments(checkpoints: readonly Checkpoint[]): {
  readonly living: ReadonlyMap<string, { readonly n: number; readonly segment: ChainSegment }>;
  readonly removed: number;
} {
  const living = new Map<string, { n: number; segment: ChainSegment }>();
  let removed = 0;
  for (const { n, kind, segment } of checkpoints) {
    if (kind !== 'removed') living.set(segment.id, { n, segment });
    else if (living.delete(segment.id)) removed += 1;
  }
  return { living, removed };
}

/** A segment's file as it was found. */
export type FoundFile = { readonly file: string; readonly hash: string | null; readonly why: string };

/**
 * Compares the files with what the chain says of them. Pure.
 *
 * @param found by segment id: the file, and its SHA-256; null hash with `why` `missing`, or why it cannot be read
 * @param unknown files in the archive that nobody recorded
 */
export function judgeFiles(
  living: ReadonlyMap<string, { readonly n: number; readonly segment: ChainSegment }>,
  found: ReadonlyMap<string, FoundFile>,
  unknown: readonly string[],
): readonly ChainFinding[] {
  const byHash = new Map(
    [...living.values()].map(({ n, segment }) => [segment.storedSha256, { n, segment }]),
  );
  const findings = [...living].flatMap(([id, { n, segment }]): ChainFinding[] => {
    const at = found.get(id);
    if (at === undefined || (at.hash === null && at.why === 'missing'))
      return [
        finding(
          'segment_missing',
          n,
          `归档文件不见了：${at?.file ?? segment.file}（第 ${n} 号检查点，${segment.lines} 行）。`,
          `The archived file is missing: ${at?.file ?? segment.file} (checkpoint ${n}, ${segment.lines} lines).`,
          at?.file ?? segment.file,
        ),
      ];
    if (at.hash === null)
      return [
        finding(
          'segment_unreadable',
          n,
          `归档文件 ${at.file} 无法读取：${at.why}`,
          `The archived file ${at.file} cannot be read: ${at.why}`,
          at.file,
        ),
      ];
    if (at.hash === segment.storedSha256) return [];
    const other = byHash.get(at.hash);
    return [
      other === undefined
        ? finding(
            'segment_changed',
            n,
            `归档文件被改动：${at.file}（第 ${n} 号检查点）。`,
            `The archived file was changed: ${at.file} (checkpoint ${n}).`,
            at.file,
          )
        : finding(
            'segment_reordered',
            n,
            `归档文件 ${at.file} 的内容是第 ${other.n} 号检查点的那一段，不是第 ${n} 号的：顺序被调换。`,
            `${at.file} holds the segment of checkpoint ${other.n}, not of ${n}: they were put in another order.`,
            at.file,
          ),
    ];
  });
  return [
    ...findings,
    ...unknown.map((file) =>
      finding(
        'segment_unknown',
        null,
        `归档目录中有未登记的文件：${file}`,
        `A file in the archive is in no checkpoint: ${file}`,
        file,
      ),
    ),
  ];
}
