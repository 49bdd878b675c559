import type { RegexSource } from '#shared/domain/log-query/nodes.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { overLines, toBytes } from './byte-program.ts';
import { LazyDfa } from './lazy-dfa.ts';
import { type RequiredLiteral, requiredLiterals } from './literals.ts';
import { compileRunes } from './rune-program.ts';

/** Keys of states are strings of 16-bit units, one for each instruction. */
const MAX_BYTE_INSTS = 0xffff;

/** A regular expression that takes time in proportion to the text, whatever expression and text are. */
export type ByteRegex = {
  /** Whether it matches anywhere in `data[from, to)`, which is a text of its own, in UTF-8. */
  readonly matches: (data: Uint8Array, from: number, to: number) => boolean;
  /** The same for many texts of one buffer; calls back with the numbers of those that match. */
  readonly matchMany: LazyDfa['matchMany'];
  /**
   * Places in a text, each of whose lines is followed by LF: every line that matches has one, others may. Null when there are more
   * than `most`, or it would take longer than to look at each line.
   */
  readonly places: (data: Buffer, from: number, to: number, most: number) => readonly number[] | null;
  /** Texts that stand in everything that it matches; the longest first. */
  readonly literals: readonly RequiredLiteral[];
  /** A literal to look for before anything else: any line without it does not match. Null when there is none. */
  readonly needle: Buffer | null;
};

/**
 * Compiles an expression in RE2's syntax.
 *
 * @returns LOG_QUERY_REGEX when it is none, or too large
 */
export function compileRegex(regex: RegexSource): Result<ByteRegex> {
  const runes = compileRunes(regex);
  if (!runes.ok) return runes;
  const program = toBytes(runes.value, MAX_BYTE_INSTS);
  if (program === null)
    return err(
      appError(
        'LOG_QUERY_REGEX',
        { regex: regex.source, why: 'the expression is too large' },
        { field: 'query' },
      ),
    );
  const dfa = new LazyDfa(program);
  const literals = requiredLiterals(runes.value);
  const exact = literals.find((literal) => !literal.fold);
  const needle = exact === undefined ? null : Buffer.from(exact.text);
  let lines: LazyDfa | null = null;
  return ok({
    matches: (data, from, to) => dfa.matches(data, from, to),
    matchMany: (data, starts, stops, texts, found) => dfa.matchMany(data, starts, stops, texts, found),
    places: (data, from, to, most) => {
      const found = needle === null ? null : placesOf(needle, data, from, to, most);
      if (found !== null) return found;
      const overMany = overLines(program);
      lines ??= overMany === program ? dfa : new LazyDfa(overMany);
      return lines.placesInLines(data, from, to, most);
    },
    literals,
    needle,
  });
}

/** Where some bytes stand in a text, once in a line at most; null when there are more than `most`. */
function placesOf(
  needle: Buffer,
  data: Buffer,
  from: number,
  to: number,
  most: number,
): readonly number[] | null {
  const found: number[] = [];
  for (let at = data.indexOf(needle, from); at >= 0 && at < to; ) {
    if (found.push(at) > most) return null;
    const line = data.indexOf(LF, at);
    at = line < 0 ? -1 : data.indexOf(needle, line + 1);
  }
  return found;
}

const LF = 10;
