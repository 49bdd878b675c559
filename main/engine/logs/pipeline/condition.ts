import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { compileRuby, type RubyPattern } from '../parse/ruby-pattern.ts';
import type { FieldValue, WorkEvent } from './event.ts';
import { Fault } from './fault.ts';
import { LanguageReader } from './reader.ts';

type Operator = '==' | '!=' | '<' | '>' | '<=' | '>=';

/** A value of a condition: a field, or what is written there. */
type Operand =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'list'; readonly items: readonly string[] };

/** A condition of Logstash's language, parsed. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly items: readonly Condition[] }
  | { readonly kind: 'not'; readonly item: Condition }
  | { readonly kind: 'is'; readonly operand: Operand }
  | { readonly kind: 'compare'; readonly operator: Operator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'in'; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'match'; readonly left: Operand; readonly pattern: RubyPattern };

const OPERATORS: readonly Operator[] = ['==', '!=', '<=', '>=', '<', '>'];
const MAX_DEPTH = 32;
const MAX_TERMS = 200;
const MAX_PROGRAM = 5_000;

/** Parses a whole text as a condition; LOG_CONDITION_INVALID names the column. */
export function parseCondition(text: string): Result<Condition> {
  const reader = new LanguageReader(text);
  try {
    const condition = readCondition(reader);
    if (!reader.ended)
      throw reader.fault({ zh: `多余的 ${reader.next()}`, en: `${reader.next()} is too much` });
    return ok(condition);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    const column = thrown.at + 1;
    return err(appError('LOG_CONDITION_INVALID', { column, why: thrown.why }, { field: 'when', column }));
  }
}

/** Reads a condition from where the reader stands; AND binds stronger than OR. Throws {@link Fault}. */
export function readCondition(reader: LanguageReader): Condition {
  return new ConditionParser(reader).or();
}

class ConditionParser {
  readonly #reader: LanguageReader;
  #depth = 0;
  #terms = 0;

  constructor(reader: LanguageReader) {
    this.#reader = reader;
  }

  or(): Condition {
    const items = [this.#and()];
    for (;;) {
      if (this.#reader.takesWord('or')) items.push(this.#and());
      else if (this.#reader.takesWord('xor') || this.#reader.takesWord('nand'))
        throw this.#reader.fault({ zh: '不支持 xor 与 nand', en: 'xor and nand are not taken' });
      else return one(items) ?? { kind: 'or', items };
    }
  }

  #and(): Condition {
    const items = [this.#term()];
    while (this.#reader.takesWord('and')) items.push(this.#term());
    return one(items) ?? { kind: 'and', items };
  }

  #term(): Condition {
    const reader = this.#reader;
    this.#terms += 1;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH || this.#terms > MAX_TERMS)
      throw reader.fault({ zh: '条件过长或嵌套过深', en: 'the condition is too long or too deeply nested' });
    try {
      if (reader.peeks('!') && !reader.peeks('!=') && reader.takes('!'))
        return { kind: 'not', item: this.#term() };
      if (reader.takesWord('not')) return { kind: 'not', item: this.#term() };
      if (reader.takes('(')) {
        const inside = this.or();
        reader.expect(')');
        return inside;
      }
      return this.#comparison();
    } finally {
      this.#depth -= 1;
    }
  }

  #comparison(): Condition {
    const reader = this.#reader;
    const left = this.#operand();
    if (reader.takesWord('in')) return { kind: 'in', left, right: this.#operand() };
    const before = reader.at;
    if (reader.takesWord('not')) {
      if (reader.takesWord('in')) return { kind: 'not', item: { kind: 'in', left, right: this.#operand() } };
      throw reader.fault({ zh: 'not 之后应为 in', en: 'not must be followed by in here' }, before);
    }
    if (reader.takes('=~')) return { kind: 'match', left, pattern: this.#pattern() };
    if (reader.takes('!~')) return { kind: 'not', item: { kind: 'match', left, pattern: this.#pattern() } };
    const operator = OPERATORS.find((sign) => reader.takes(sign));
    if (operator !== undefined) return { kind: 'compare', operator, left, right: this.#operand() };
    if (left.kind !== 'field')
      throw reader.fault({
        zh: `${reader.next()} 之前应有比较，例如 == 或 in`,
        en: `a comparison such as == or in is missing before ${reader.next()}`,
      });
    return { kind: 'is', operand: left };
  }

  #pattern(): RubyPattern {
    const reader = this.#reader;
    const start = reader.at;
    const text = reader.regex() ?? reader.quoted();
    if (text === null)
      throw reader.fault({ zh: '此处应为 /正则表达式/', en: 'an expression in slashes is missing here' });
    return compileLinear(text, start);
  }

  #operand(): Operand {
    const reader = this.#reader;
    const text = reader.quoted();
    if (text !== null) return { kind: 'text', text };
    const number = reader.number();
    if (number !== null) return { kind: 'number', number };
    const name = reader.reference();
    if (name !== null) return { kind: 'field', name };
    if (reader.takes('[')) {
      const items: string[] = [];
      while (!reader.takes(']')) {
        if (items.length > 0) reader.expect(',');
        const item = reader.quoted() ?? reader.number();
        if (item === null)
          throw reader.fault({ zh: '列表中只能有文字和数字', en: 'a list holds texts and numbers only' });
        items.push(String(item));
      }
      return { kind: 'list', items };
    }
    const word = reader.word();
    if (word !== null && (word === 'true' || word === 'false')) return { kind: 'text', text: word };
    throw reader.fault({
      zh: `此处应为 [字段]、"文字"或数字，实为 ${word ?? reader.next()}`,
      en: `a [field], a "text" or a number is missing here, not ${word ?? reader.next()}`,
    });
  }
}

function one<T>(items: readonly T[]): T | null {
  return items.length === 1 ? (items[0] ?? null) : null;
}

/** Compiles an expression of Logstash with RE2; throws {@link Fault} when it cannot be. */
export function compileLinear(pattern: string, at = 0): RubyPattern {
  let compiled: RubyPattern;
  try {
    compiled = compileRuby(pattern);
  } catch (thrown) {
    const why = describeThrown(thrown);
    throw new Fault({ zh: `正则表达式不可用（RE2）：${why}`, en: `not an expression of RE2: ${why}` }, at);
  }
  if (compiled.programSize > MAX_PROGRAM)
    throw new Fault({ zh: '正则表达式过大', en: 'the expression is too large' }, at);
  return compiled;
}

/** Says whether a condition holds for an event. Never throws. */
export function holds(condition: Condition, event: WorkEvent): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.items.every((item) => holds(item, event));
    case 'or':
      return condition.items.some((item) => holds(item, event));
    case 'not':
      return !holds(condition.item, event);
    case 'is': {
      const { operand } = condition;
      if (operand.kind === 'field' && !event.has(operand.name)) return false;
      return operandValue(operand, event) !== 'false';
    }
    case 'match':
      return spellings(condition.left, event).some((text) => condition.pattern.matcher(text).find());
    case 'in':
      return isIn(condition, event);
    case 'compare':
      return compares(condition, event);
  }
}

function isIn({ left, right }: Condition & { readonly kind: 'in' }, event: WorkEvent): boolean {
  if (
    left.kind === 'field' &&
    right.kind === 'list' &&
    right.items.some((item) => event.isLevel(left.name, item))
  )
    return true;
  const value = operandValue(left, event);
  if (value === undefined || typeof value !== 'string') return false;
  const container = operandValue(right, event);
  if (container === undefined || typeof container !== 'string') return container?.includes(value) ?? false;
  return spellings(right, event).some((text) => text.includes(value));
}

/** The texts that an expression is compared with: a list's items; of the event's own level both ways of writing it. */
function spellings(operand: Operand, event: WorkEvent): readonly string[] {
  const own = operand.kind === 'field' ? event.levelSpellings(operand.name) : null;
  if (own !== null) return own;
  const value = operandValue(operand, event) ?? [];
  return typeof value === 'string' ? [value] : value;
}

function compares(condition: Condition & { readonly kind: 'compare' }, event: WorkEvent): boolean {
  const { operator } = condition;
  const left = operandValue(condition.left, event);
  const right = operandValue(condition.right, event);
  if (operator === '==' || operator === '!=') {
    const level = levelComparison(condition, event);
    // `"00"` is a text and `0` a number; what stands in a field may be either.
    const isText = condition.left.kind === 'text' || condition.right.kind === 'text';
    const same = level ?? sameValue(left, right, isText);
    return same === (operator === '==');
  }
  if (typeof left !== 'string' || typeof right !== 'string') return false;
  const a = Number(left);
  const b = Number(right);
  const numbers = left.trim() !== '' && right.trim() !== '' && Number.isFinite(a) && Number.isFinite(b);
  const order = numbers ? a - b : left < right ? -1 : left > right ? 1 : 0;
  if (operator === '<') return order < 0;
  if (operator === '>') return order > 0;
  return operator === '<=' ? order <= 0 : order >= 0;
}

/** Levels are compared by what they mean where the event has no field of that name: `ERROR`, `error`, `err`. */
function levelComparison(
  condition: Condition & { readonly kind: 'compare' },
  event: WorkEvent,
): boolean | null {
  const { left, right } = condition;
  if (left.kind === 'field' && right.kind === 'text') return event.isLevel(left.name, right.text);
  if (right.kind === 'field' && left.kind === 'text') return event.isLevel(right.name, left.text);
  return null;
}

function sameValue(left: FieldValue | undefined, right: FieldValue | undefined, isText: boolean): boolean {
  if (left === undefined || right === undefined) return left === right;
  if (typeof left === 'string' && typeof right === 'string') {
    if (left === right || isText) return left === right;
    return /^-?\d/.test(left) && /^-?\d/.test(right) && Number(left) === Number(right);
  }
  return JSON.stringify(left) === JSON.stringify(right);
}

function operandValue(operand: Operand, event: WorkEvent): FieldValue | undefined {
  switch (operand.kind) {
    case 'field':
      return event.get(operand.name);
    case 'text':
      return operand.text;
    case 'number':
      return String(operand.number);
    case 'list':
      return operand.items;
  }
}
