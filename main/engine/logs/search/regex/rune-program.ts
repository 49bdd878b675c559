import { RE2JS } from 're2js';
import * as z from 'zod';
import type { RegexSource } from '#shared/domain/log-query/nodes.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';

/** Operations of RE2's programs, by their numbers in re2js. */
export const OP = {
  alt: 1,
  altMatch: 2,
  capture: 3,
  empty: 4,
  fail: 5,
  match: 6,
  nop: 7,
  rune: 8,
  rune1: 9,
  any: 10,
  anyNotNl: 11,
} as const;

/** Bits of an empty-width condition. */
export const EMPTY = { beginLine: 1, endLine: 2, beginText: 4, endText: 8, word: 16, noWord: 32 } as const;

/** One instruction. `runes` are pairs of first and last code point, or one code point. */
export type RuneInst = {
  readonly op: number;
  readonly out: number;
  /** Of `alt`: the other way out. Of `empty`: the conditions. Of `rune`: 1 when any case matches. */
  readonly arg: number;
  readonly runes: readonly number[];
};

/** What RE2's parser and compiler make of an expression (Cox, "Regular Expression Matching in the Wild"). */
export type RuneProgram = { readonly start: number; readonly insts: readonly RuneInst[] };

/** A larger program would take long for each new state. */
const MAX_INSTS = 5_000;

// The program is no documented part of re2js; a version that arranges it otherwise must fail here, in words.
const programSchema = z.object({
  start: z.int(),
  inst: z.array(
    z.object({
      op: z.int().min(OP.alt).max(OP.anyNotNl),
      out: z.int(),
      arg: z.int(),
      runes: z.instanceof(Int32Array).or(z.array(z.number())),
    }),
  ),
});

/**
 * Parses and compiles an expression with re2js, whose parser is RE2's.
 *
 * @returns LOG_QUERY_REGEX when it is none, or too large
 */
export function compileRunes(regex: RegexSource): Result<RuneProgram> {
  const refuse = (why: string): Result<RuneProgram> =>
    err(appError('LOG_QUERY_REGEX', { regex: regex.source, why }, { field: 'query' }));
  try {
    const program = programOf(regex.source, regex.ignoreCase);
    return program.insts.length > MAX_INSTS ? refuse('the expression is too large') : ok(program);
  } catch (thrown) {
    return refuse(describeThrown(thrown));
  }
}

function programOf(source: string, ignoreCase: boolean): RuneProgram {
  const compiled = RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  const { start, inst } = programSchema.parse(compiled.re2().prog);
  return { start, insts: inst.map(({ op, out, arg, runes }) => ({ op, out, arg, runes: [...runes] })) };
}

const orbits = new Map<number, readonly number[]>();

/**
 * The pairs of first and last code points that an instruction matches. Which characters are the same in another case is
 * asked of re2js too, so that there is one table.
 */
export function rangesOf(inst: RuneInst): readonly number[] {
  if (inst.op === OP.any) return [0, 0x10ffff];
  if (inst.op === OP.anyNotNl) return [0, 9, 11, 0x10ffff];
  const [only] = inst.runes;
  if (inst.runes.length !== 1 || only === undefined) return inst.runes;
  if (inst.op !== OP.rune || (inst.arg & 1) === 0) return [only, only];
  const known = orbits.get(only);
  if (known) return known;
  // A second character keeps the class from becoming a literal again.
  const { insts } = programOf(`(?i)[\\x{${only.toString(16)}}\\x{10ffff}]`, false);
  const ranges = insts.find((one) => one.op === OP.rune)?.runes ?? [only, only];
  const orbit = ranges.slice(0, ranges.length - 2);
  orbits.set(only, orbit);
  return orbit;
}
