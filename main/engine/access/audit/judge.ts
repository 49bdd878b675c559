import type { AuditFinding, AuditReport } from '#shared/contract/audit.ts';
import { hashOfLine, NO_PREVIOUS } from '../../platform/hash-chain.ts';
import { isSignedBy } from '../../platform/signing.ts';
import { type AuditEntry, readEntry } from './entry.ts';

/** Findings that are named; more are counted. A trail that is all noise must not fill the memory. */
const MOST_FINDINGS = 1_000;

/** What a chain is judged by, besides itself. */
export type JudgeExpectation = {
  /** Of the console's key; null: of whoever signed the first checkpoint. */
  readonly fingerprint: string | null;
  /**
   * Lines that must be in the chain, by number: hashes of checkpoints kept elsewhere, and of an anchor. Two for one number are of two
   * chains: no chain has both.
   */
  readonly marks: ReadonlyMap<number, readonly string[]>;
  /** True for an export: it has a checkpoint at its end, or was cut. */
  readonly endsWithCheckpoint: boolean;
};

type Sentence = AuditFinding['sentence'];

/** Judges a chain line by line, in the order in which its lines stand. Pure, and its memory grows with the damage alone. */
export class ChainJudge {
  readonly #expected: JudgeExpectation;
  readonly #findings: AuditFinding[] = [];
  readonly #named = new Set<string>();
  #found = 0;
  #entries = 0;
  #bytes = 0;
  #checkpoints = 0;
  #unsigned = 0;
  #firstAt: number | null = null;
  #lastAt: number | null = null;
  #fingerprint: string | null;
  /** The highest number so far, and what the line just before was: its number and hash. */
  #highest = 0;
  #before: { readonly n: number; readonly hash: string } = { n: 0, hash: NO_PREVIOUS };
  #lastKind: AuditEntry['kind'] | null = null;
  /** Numbers that were passed over, as ranges; one that comes later stands in another place. */
  #gaps: { readonly from: number; readonly to: number }[] = [];
  /** Lines without their successor behind them, and what a successor elsewhere says that they were. */
  readonly #parted = new Map<number, string>();
  readonly #claimed = new Map<number, string>();

  constructor(expected: JudgeExpectation) {
    this.#expected = expected;
    this.#fingerprint = expected.fingerprint;
  }

  /** Takes the next line, without its line end. */
  take(line: string): void {
    this.#entries += 1;
    this.#bytes += Buffer.byteLength(line) + 1;
    const hash = hashOfLine(line);
    const entry = readEntry(line);
    // What cannot be read stands for the number that is due; the next line says whether it was another.
    const n = entry?.n ?? this.#before.n + 1;
    this.#lastKind = entry?.kind ?? null;
    if (entry === null) this.#changed(n);
    else {
      this.#firstAt ??= entry.at;
      this.#lastAt = entry.at;
      if (entry.kind === 'checkpoint') this.#checkpoint(entry);
      else this.#unsigned += 1;
    }
    this.#place(n, entry);
    if (this.#expected.marks.get(n)?.some((mark) => mark !== hash)) this.#rewritten(n);
    this.#before = { n, hash };
  }

  /** Says what the chain is worth. */
  end(tookMs: number): AuditReport {
    for (const [n, hash] of this.#parted) {
      const claimed = this.#claimed.get(n);
      if (claimed !== undefined && claimed !== hash) this.#changed(n);
    }
    for (const { from, to } of this.#gaps) this.#missing(from, to);
    for (const n of this.#expected.marks.keys())
      if (n > this.#highest) {
        this.#cut(n);
        break;
      }
    if (this.#expected.endsWithCheckpoint && this.#lastKind !== 'checkpoint') this.#cut(null);
    return {
      ok: this.#found === 0,
      entries: this.#entries,
      bytes: this.#bytes,
      checkpoints: this.#checkpoints,
      unsigned: this.#unsigned,
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
      fingerprint: this.#fingerprint,
      findings: [...this.#findings],
      found: this.#found,
      tookMs,
    };
  }

  #place(n: number, entry: AuditEntry | null): void {
    const { n: before, hash } = this.#before;
    if (n === before + 1) {
      if (entry !== null && entry.previous !== hash) this.#changed(before === 0 ? n : before);
    } else {
      if (before > 0) this.#parted.set(before, hash);
      if (entry !== null) this.#claimed.set(n - 1, entry.previous);
    }
    if (n > this.#highest) {
      if (n > this.#highest + 1) this.#gaps.push({ from: this.#highest + 1, to: n - 1 });
      this.#highest = n;
    } else {
      this.#gaps = this.#gaps.flatMap((gap) => without(gap, n));
      this.#reordered(n, before);
    }
  }

  #checkpoint({ n, signature, ...rest }: AuditEntry & { readonly kind: 'checkpoint' }): void {
    this.#checkpoints += 1;
    this.#unsigned = 0;
    if (!isSignedBy({ n, ...rest }, signature)) {
      this.#changed(n);
      return;
    }
    this.#fingerprint ??= signature.fingerprint;
    if (signature.fingerprint === this.#fingerprint) return;
    const short = `${signature.fingerprint.slice(0, 16)}…`;
    this.#tell('foreign_key', n, {
      zh: `第 ${n} 条（检查点）由另一密钥签名（${short}）。`,
      en: `Entry ${n}, a checkpoint, was signed by another key (${short}).`,
    });
  }

  #changed(n: number): void {
    this.#tell('changed', n, { zh: `第 ${n} 条被改动。`, en: `Entry ${n} was changed.` });
  }

  #missing(from: number, to: number): void {
    this.#tell(
      'missing',
      from,
      from === to
        ? { zh: `缺少第 ${from} 条。`, en: `Entry ${from} is missing.` }
        : { zh: `缺少第 ${from} 至 ${to} 条。`, en: `Entries ${from} to ${to} are missing.` },
    );
  }

  #reordered(n: number, before: number): void {
    this.#tell('reordered', n, {
      zh: `第 ${n} 条不在原位，排在第 ${before} 条之后。`,
      en: `Entry ${n} is not in its place: it stands behind ${before}.`,
    });
  }

  #rewritten(n: number): void {
    this.#tell('rewritten', n, {
      zh: `第 ${n} 条与另存的检查点或锚点不符：链在此之后被重写。`,
      en: `Entry ${n} is not what the checkpoint or anchor kept elsewhere says: the chain was made anew.`,
    });
  }

  #cut(mark: number | null): void {
    const last = this.#highest;
    this.#tell('cut', last, {
      zh:
        mark === null
          ? `链在第 ${last} 条之后被截断：末尾没有检查点。`
          : `链在第 ${last} 条之后被截断：另存的检查点或锚点是第 ${mark} 条。`,
      en:
        mark === null
          ? `The chain was cut after entry ${last}: there is no checkpoint at its end.`
          : `The chain was cut after entry ${last}: a checkpoint or anchor kept elsewhere is entry ${mark}.`,
    });
  }

  #tell(kind: AuditFinding['kind'], n: number, sentence: Sentence): void {
    const name = `${kind} ${n}`;
    if (this.#named.has(name)) return;
    this.#found += 1;
    if (this.#findings.length >= MOST_FINDINGS) return;
    this.#named.add(name);
    this.#findings.push({ kind, n, sentence });
  }
}

/** A range without one of its numbers. */
function without(gap: { readonly from: number; readonly to: number }, n: number): (typeof gap)[] {
  if (n < gap.from || n > gap.to) return [gap];
  return [
    { from: gap.from, to: n - 1 },
    { from: n + 1, to: gap.to },
  ].filter(({ from, to }) => from <= to);
}
