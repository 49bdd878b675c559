import { goQuote } from './tokens.ts';

/** A number constant; a whole one that fits is an `int` where any type may stand. */
export type NumberNode = {
  readonly kind: 'number';
  readonly at: number;
  readonly text: string;
  readonly value: number;
  readonly isInt: boolean;
};

/** What may be an argument of a command. */
export type OperandNode =
  | NumberNode
  | { readonly kind: 'dot'; readonly at: number }
  | { readonly kind: 'nil'; readonly at: number }
  | { readonly kind: 'bool'; readonly at: number; readonly value: boolean }
  | { readonly kind: 'string'; readonly at: number; readonly quoted: string; readonly value: string }
  | { readonly kind: 'field'; readonly at: number; readonly names: readonly string[] }
  | { readonly kind: 'variable'; readonly at: number; readonly names: readonly string[] }
  | { readonly kind: 'identifier'; readonly at: number; readonly name: string }
  | {
      readonly kind: 'chain';
      readonly at: number;
      readonly of: OperandNode;
      readonly names: readonly string[];
    }
  | PipeNode;

/** A function with its arguments, or a value. */
export type CommandNode = {
  readonly kind: 'command';
  readonly at: number;
  readonly args: readonly OperandNode[];
};

/** Commands one into the other, and the variables that take the result. */
export type PipeNode = {
  readonly kind: 'pipe';
  readonly at: number;
  readonly isAssign: boolean;
  readonly variables: readonly string[];
  readonly commands: readonly CommandNode[];
};

/** `if`, `range` and `with`. */
export type BranchNode = {
  readonly kind: 'if' | 'range' | 'with';
  readonly at: number;
  readonly pipe: PipeNode;
  readonly list: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[] | null;
};

/** A node of a template. */
export type TemplateNode =
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'action'; readonly at: number; readonly pipe: PipeNode }
  | BranchNode
  | { readonly kind: 'break' | 'continue'; readonly at: number }
  | { readonly kind: 'template'; readonly at: number; readonly name: string; readonly pipe: PipeNode | null };

/** Anything that an error may be at. */
export type AnyNode = TemplateNode | CommandNode | OperandNode;

/** A node as Go's parser writes it, for the `at <…>` of an error. */
export function nodeText(node: AnyNode): string {
  switch (node.kind) {
    case 'number':
      return node.text;
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'bool':
      return String(node.value);
    case 'string':
      return node.quoted;
    case 'field':
      return node.names.map((name) => `.${name}`).join('');
    case 'variable':
      return node.names.join('.');
    case 'identifier':
      return node.name;
    case 'chain':
      return `${node.of.kind === 'pipe' ? `(${nodeText(node.of)})` : nodeText(node.of)}${node.names.map((name) => `.${name}`).join('')}`;
    case 'command':
      return node.args.map((arg) => (arg.kind === 'pipe' ? `(${nodeText(arg)})` : nodeText(arg))).join(' ');
    case 'pipe':
      return pipeText(node);
    case 'text':
      return goQuote(node.text);
    case 'action':
      return `{{${pipeText(node.pipe)}}}`;
    case 'break':
    case 'continue':
      return `{{${node.kind}}}`;
    case 'template':
      return `{{template ${goQuote(node.name)}${node.pipe === null ? '' : ` ${pipeText(node.pipe)}`}}}`;
    default:
      return branchText(node);
  }
}

function branchText({ kind, pipe, list, otherwise }: BranchNode): string {
  const text = (nodes: readonly TemplateNode[]): string => nodes.map(nodeText).join('');
  const rest = otherwise === null ? '' : `{{else}}${text(otherwise)}`;
  return `{{${kind} ${pipeText(pipe)}}}${text(list)}${rest}{{end}}`;
}

function pipeText({ variables, commands, isAssign }: PipeNode): string {
  const taken = variables.length === 0 ? '' : `${variables.join(', ')} ${isAssign ? '=' : ':='} `;
  return taken + commands.map(nodeText).join(' | ');
}
