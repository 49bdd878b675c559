import { TemplateFault } from './fault.ts';
import type { OperandNode } from './nodes.ts';
import { GoSample, type GoValue, GoVector, typeName } from './values.ts';

/** What a function takes in a place. */
export type ParamType = 'any' | 'string' | 'vector' | 'sample';

/** A function of templates. What it throws as {@link TemplateFault} becomes "error calling NAME: …". */
export type GoFunction = {
  readonly params: readonly ParamType[];
  /** Type of all further arguments. */
  readonly rest?: ParamType;
  readonly call: (args: readonly GoValue[]) => GoValue;
};

/** A type as Go's messages name it. */
export const TYPE_NAMES: Readonly<Record<ParamType, string>> = {
  any: 'interface {}',
  string: 'string',
  vector: 'template.queryResult',
  sample: '*template.sample',
};

/** What is wrong with giving a value to a parameter, in Go's words; null when nothing is. */
export function misfit(value: GoValue, type: ParamType): string | null {
  if (type === 'any') return null;
  if (value === null) return type === 'string' ? 'invalid value; expected string' : null;
  const fits =
    type === 'string'
      ? typeof value === 'string'
      : type === 'vector'
        ? value instanceof GoVector
        : value instanceof GoSample;
  return fits ? null : `wrong type for value; expected ${TYPE_NAMES[type]}; got ${typeName(value)}`;
}

/** The number constant as a value: an `int` unless it is written as a fraction or with an exponent. */
export function constant(node: Extract<OperandNode, { kind: 'number' }>): GoValue {
  const { text, value, isInt } = node;
  const isPlain = text.startsWith("'") || /^[+-]?0[xX]/.test(text) || !/[.eEpP]/.test(text);
  return isInt && isPlain ? BigInt(value) : value;
}

/** A string argument. Signatures were checked before: anything else is a bug. */
export function text(value: GoValue | undefined): string {
  if (typeof value === 'string') return value;
  throw new Error('a string was promised');
}

/** A sample argument; nil is what it is in Go. */
export function sample(value: GoValue | undefined): GoSample {
  if (value instanceof GoSample) return value;
  throw new TemplateFault('runtime error: invalid memory address or nil pointer dereference');
}

/** A vector argument; nil is an empty one. */
export function vector(value: GoValue | undefined): readonly GoSample[] {
  return value instanceof GoVector ? value.samples : [];
}
