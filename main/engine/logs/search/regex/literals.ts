import { EMPTY, OP, type RuneInst, type RuneProgram } from './rune-program.ts';

/** Text that stands in everything an expression matches. */
export type RequiredLiteral = {
  readonly text: string;
  /** True: in any case. */
  readonly fold: boolean;
  /** The literal stands at the beginning or the end of the text. */
  readonly atStart: boolean;
  readonly atEnd: boolean;
};

/** Larger programs are not worth the look. */
const MAX_INSTS = 400;

/**
 * The longest literals that stand in every match of a program. An instruction is required when the end cannot be reached
 * without it; instructions that can only follow each other and are required make a literal.
 */
export function requiredLiterals(program: RuneProgram): readonly RequiredLiteral[] {
  const { insts, start } = program;
  if (insts.length > MAX_INSTS) return [];
  const required = insts.map((_, without) => !reachesMatch(program, without));
  const found: RequiredLiteral[] = [];
  const used = new Set<number>();
  const followed = new Set<number>();
  // Only heads of chains begin a literal: those that no other required character leads to.
  for (const [at, inst] of insts.entries())
    if (required[at] && literalRune(inst) !== null) {
      const next = followPlain(insts, inst.out).at;
      if (next !== at && required[next] && literalRune(insts[next]) !== null) followed.add(next);
    }
  for (const [at, inst] of insts.entries()) {
    const first = literalRune(inst);
    if (!required[at] || first === null || followed.has(at) || used.has(at)) continue;
    let text = '';
    let fold = false;
    let atEnd = false;
    for (let walk = at; ; ) {
      const rune = literalRune(insts[walk]);
      if (rune === null || !required[walk] || used.has(walk)) break;
      used.add(walk);
      text += String.fromCodePoint(rune.code);
      fold ||= rune.fold;
      const next = followPlain(insts, insts[walk]?.out ?? 0);
      atEnd = (next.conditions & EMPTY.endText) !== 0;
      walk = next.at;
    }
    const begins = followPlain(insts, start);
    found.push({
      text: fold ? text.toLowerCase() : text,
      fold,
      atStart: begins.at === at && (begins.conditions & EMPTY.beginText) !== 0,
      atEnd,
    });
  }
  return found.sort((a, b) => b.text.length - a.text.length);
}

function literalRune(inst: RuneInst | undefined): { readonly code: number; readonly fold: boolean } | null {
  if (inst === undefined || (inst.op !== OP.rune && inst.op !== OP.rune1)) return null;
  const [first, last] = inst.runes;
  if (first === undefined) return null;
  if (inst.runes.length === 1) return { code: first, fold: inst.op === OP.rune && (inst.arg & 1) !== 0 };
  return inst.runes.length === 2 && first === last ? { code: first, fold: false } : null;
}

/** Goes over instructions that consume nothing and have one way out. */
function followPlain(
  insts: readonly RuneInst[],
  from: number,
): { readonly at: number; readonly conditions: number } {
  let at = from;
  let conditions = 0;
  for (let steps = 0; steps < insts.length; steps += 1) {
    const inst = insts[at];
    if (inst === undefined || (inst.op !== OP.capture && inst.op !== OP.nop && inst.op !== OP.empty)) break;
    if (inst.op === OP.empty) conditions |= inst.arg;
    at = inst.out;
  }
  return { at, conditions };
}

function reachesMatch({ insts, start }: RuneProgram, without: number): boolean {
  if (start === without) return false;
  const seen = new Uint8Array(insts.length);
  const stack = [start];
  seen[start] = 1;
  while (stack.length > 0) {
    const inst = insts[stack.pop() ?? 0];
    if (inst === undefined || inst.op === OP.fail) continue;
    if (inst.op === OP.match) return true;
    const ways = inst.op === OP.alt || inst.op === OP.altMatch ? [inst.out, inst.arg] : [inst.out];
    for (const way of ways) {
      if (way === without || seen[way] === 1) continue;
      seen[way] = 1;
      stack.push(way);
    }
  }
  return false;
}
