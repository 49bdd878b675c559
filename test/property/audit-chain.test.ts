import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ChainLine,
  type EntryBody,
  nextCheckpoint,
  nextLine,
  readEntry,
} from '../../main/engine/access/audit/entry.ts';
import { ChainJudge } from '../../main/engine/access/audit/judge.ts';
import { expectation } from '../../main/engine/access/audit/verify.ts';
import { hashOfLine } from '../../main/engine/platform/hash-chain.ts';
import { type DocumentSigner, openSigner } from '../../main/engine/platform/signing.ts';
import type { AuditReport } from '../../shared/contract/audit.ts';
import { folderOfFile } from '../helpers/temp-folder.ts';

const folder = folderOfFile('audit-chain');
const key = (name: string): DocumentSigner =>
  openSigner(join(folder, name), (file, pem) => writeFileSync(file, pem));
const signer = key('a.pem');
const stranger = key('b.pem');

const text = fc.string({ unit: 'binary', maxLength: 30 });
const body: fc.Arbitrary<EntryBody> = fc.oneof(
  fc.record({
    kind: fc.constant('asked' as const),
    by: text,
    via: fc.constantFrom('window' as const, 'command' as const),
    action: fc.constantFrom('hosts.add', 'backup.run'),
    object: text,
    asked: fc.dictionary(text, text, { maxKeys: 3 }),
  }),
  fc.record({
    kind: fc.constant('ended' as const),
    of: fc.nat(),
    outcome: fc.constantFrom('done' as const, 'failed' as const),
    code: text,
  }),
);
/** A chain of at least four lines that ends with a checkpoint, as an export does; some are in the middle, too. */
const chain = fc
  .array(fc.record({ body, checkpoint: fc.boolean() }), { minLength: 3, maxLength: 25 })
  .map((parts) => made(parts, signer));

function made(
  parts: readonly { readonly body: EntryBody; readonly checkpoint: boolean }[],
  by: DocumentSigner,
): readonly string[] {
  let last: ChainLine | null = null;
  const lines: string[] = [];
  const add = (line: ChainLine): void => {
    last = line;
    lines.push(line.line);
  };
  for (const [at, part] of parts.entries()) {
    add(nextLine(last, at, part.body));
    if (part.checkpoint || at === parts.length - 1) add(nextCheckpoint(last ?? never(), at, by));
  }
  return lines;
}

const never = (): never => {
  throw new Error('not reached');
};

/** What a reader of an export says of lines. */
function judged(lines: readonly string[], kept: readonly string[] = [], fingerprint: string | null = null) {
  const judge = new ChainJudge(expectation(fingerprint, kept, null, true));
  for (const line of lines) judge.take(line);
  return judge.end(0);
}
const named = (report: AuditReport): readonly string[] =>
  report.findings.map(({ kind, n }) => `${kind} ${n}`);
const index = (lines: readonly string[], seed: number): number => seed % lines.length;

describe('a chain', () => {
  test('that nobody touched is whole', () => {
    fc.assert(
      fc.property(chain, (lines) => {
        const report = judged(lines, lines, signer.fingerprint);
        expect(named(report)).toEqual([]);
        expect(report).toMatchObject({ ok: true, entries: lines.length, unsigned: 0 });
      }),
    );
  });

  test('any changed character is found, and its entry named', () => {
    fc.assert(
      fc.property(
        chain,
        fc.nat(),
        fc.nat(),
        fc.string({ minLength: 1, maxLength: 1 }),
        (lines, a, b, letter) => {
          const at = index(lines, a);
          const line = lines[at] ?? '';
          const place = b % line.length;
          fc.pre(line[place] !== letter && letter !== '\n');
          const changed = line.slice(0, place) + letter + line.slice(place + 1);
          // A changed number is an entry that is missing, and one that stands where it does not belong.
          const n = readEntry(changed)?.n ?? at + 1;
          const report = judged(lines.with(at, changed));
          expect(report.ok).toBe(false);
          expect(named(report).some((one) => [at + 1, n].includes(Number(one.split(' ')[1])))).toBe(true);
          if (n === at + 1) expect(named(report)).toContain(`changed ${at + 1}`);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('a removed entry is missing by name; of the last, the chain was cut', () => {
    fc.assert(
      fc.property(chain, fc.nat(), (lines, seed) => {
        const at = index(lines, seed);
        const report = judged(lines.toSpliced(at, 1));
        const isLast = at === lines.length - 1;
        expect(named(report)).toContain(isLast ? `cut ${at}` : `missing ${at + 1}`);
      }),
    );
  });

  test('a chain that is cut after a checkpoint is found by the checkpoints that were kept', () => {
    fc.assert(
      fc.property(chain, fc.nat(), (lines, seed) => {
        const left = index(lines, seed);
        const report = judged(lines.slice(0, left), lines);
        expect(named(report)).toContain(`cut ${left}`);
      }),
    );
  });

  test('entries in another order are named', () => {
    fc.assert(
      fc.property(chain, fc.nat(), fc.nat(), (lines, a, b) => {
        const [from, to] = [index(lines, a), index(lines, b)].toSorted((x, y) => x - y) as [number, number];
        fc.pre(from !== to);
        const swapped = lines.with(from, lines[to] ?? '').with(to, lines[from] ?? '');
        const found = named(judged(swapped));
        // What comes too early passes over the others; what comes too late is the one out of its place.
        expect(found).toContain(`reordered ${from + 1}`);
      }),
    );
  });

  test('an entry that stands twice is named', () => {
    fc.assert(
      fc.property(chain, fc.nat(), (lines, seed) => {
        const at = index(lines, seed);
        expect(named(judged(lines.toSpliced(at, 0, lines[at] ?? '')))).toContain(`reordered ${at + 1}`);
      }),
    );
  });

  test('a chain made anew is found by a kept checkpoint, and by another key', () => {
    fc.assert(
      fc.property(
        chain,
        fc.array(fc.record({ body, checkpoint: fc.boolean() }), { minLength: 3 }),
        (lines, parts) => {
          const last = lines.at(-1) ?? '';
          const again = made(parts, signer);
          fc.pre(!again.some((line) => hashOfLine(line) === hashOfLine(last)));
          expect(named(judged(again, lines)).join(' ')).toMatch(/rewritten|cut/);
          // Also when its own checkpoints were written behind those of the chain before.
          const kept = [...lines, ...again];
          expect(named(judged(again, kept)).join(' ')).toMatch(/rewritten|cut/);
          const foreign = named(judged(made(parts, stranger), [], signer.fingerprint));
          expect(foreign.join(' ')).toContain('foreign_key');
        },
      ),
    );
  });

  test('whatever lines there are, judging ends and says something', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (lines) => {
        expect(judged(lines).ok).toBe(false);
      }),
    );
  });
});
