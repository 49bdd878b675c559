import { TemplateFault } from './fault.ts';
import { fieldOf, itemsOf, shown, timeMethod } from './members.ts';
import type { AnyNode, BranchNode, CommandNode, OperandNode, PipeNode, TemplateNode } from './nodes.ts';
import { nodeText } from './nodes.ts';
import type { Templates } from './parser.ts';
import { constant, type GoFunction, misfit, type ParamType, TYPE_NAMES } from './signatures.ts';
import { goQuote } from './tokens.ts';
import { GoMap, GoTime, type GoValue, isTrue, printed, typeName } from './values.ts';

/** What an execution is of. */
export type Execution = {
  readonly name: string;
  readonly text: string;
  readonly templates: Templates;
  readonly data: GoValue;
  readonly functions: (name: string) => GoFunction | undefined;
};

const MAX_OUTPUT = 1 << 20;
const MAX_DEPTH = 200;
const MAX_STEPS = 200_000;

/** No value: the first command of a pipeline has none before it. */
const NOTHING = Symbol('nothing');
type Final = GoValue | typeof NOTHING;

type Variable = { readonly name: string; value: GoValue };

/**
 * Executes a parsed template (Go 1.19 text/template, exec.go, with `missingkey=zero`).
 *
 * Output, depth and steps are bounded: a template is data that somebody brought along.
 *
 * @returns the text; throws {@link TemplateFault} with Go's message
 */
export function executeTemplate(execution: Execution): string {
  const root = new Executor(execution, execution.name, execution.data, {
    out: [],
    size: 0,
    steps: 0,
    depth: 0,
  });
  root.walk(execution.data, execution.templates.get(execution.name) ?? []);
  return root.text();
}

type Shared = { readonly out: string[]; size: number; steps: number; depth: number };

class Executor {
  readonly #execution: Execution;
  readonly #name: string;
  readonly #shared: Shared;
  readonly #variables: Variable[];
  #node: AnyNode | null = null;

  constructor(execution: Execution, name: string, dot: GoValue, shared: Shared) {
    this.#execution = execution;
    this.#name = name;
    this.#shared = shared;
    this.#variables = [{ name: '$', value: dot }];
  }

  text(): string {
    return this.#shared.out.join('');
  }

  #fail(message: string): never {
    const node = this.#node;
    if (node === null) throw new TemplateFault(`template: ${this.#name}: ${message}`);
    const { name, text } = this.#execution;
    const before = text.slice(0, node.at);
    const lineStart = before.lastIndexOf('\n') + 1;
    const line = before.split('\n').length;
    const column = Buffer.byteLength(before.slice(lineStart));
    const place = `${name}:${line}:${column}: executing ${goQuote(this.#name)} at <${nodeText(node)}>`;
    throw new TemplateFault(`template: ${place}: ${message}`);
  }

  #write(text: string): void {
    this.#shared.size += text.length;
    if (this.#shared.size > MAX_OUTPUT) this.#fail(`more than ${MAX_OUTPUT} characters`);
    this.#shared.out.push(text);
  }

  /** Runs nodes; tells when a loop is to be left. */
  walk(dot: GoValue, nodes: readonly TemplateNode[]): 'break' | 'continue' | null {
    for (const node of nodes) {
      this.#shared.steps += 1;
      if (this.#shared.steps > MAX_STEPS) this.#fail(`more than ${MAX_STEPS} steps`);
      this.#node = node;
      const left = this.#step(dot, node);
      if (left !== null) return left;
    }
    return null;
  }

  #step(dot: GoValue, node: TemplateNode): 'break' | 'continue' | null {
    switch (node.kind) {
      case 'text':
        this.#write(node.text);
        return null;
      case 'action': {
        const value = this.#pipeline(dot, node.pipe);
        if (node.pipe.variables.length === 0) {
          this.#node = node;
          this.#write(shown(value));
        }
        return null;
      }
      case 'break':
      case 'continue':
        return node.kind;
      case 'template':
        this.#template(dot, node.name, node.pipe);
        return null;
      case 'range':
        return this.#scoped(() => this.#range(dot, node));
      default:
        return this.#scoped(() => {
          const value = this.#pipeline(dot, node.pipe);
          const inner = node.kind === 'with' ? value : dot;
          if (isTrue(value)) return this.walk(inner, node.list);
          return node.otherwise === null ? null : this.walk(dot, node.otherwise);
        });
    }
  }

  #scoped<T>(run: () => T): T {
    const mark = this.#variables.length;
    const result = run();
    this.#variables.length = mark;
    return result;
  }

  #range(dot: GoValue, node: BranchNode): null {
    const value = this.#pipeline(dot, node.pipe);
    const items = this.#items(value);
    const names = node.pipe.variables.length;
    for (const [key, item] of items) {
      const left = this.#scoped(() => {
        if (names > 0) this.#setTop(1, item);
        if (names > 1) this.#setTop(2, key);
        return this.walk(item, node.list);
      });
      if (left === 'break') return null;
    }
    if (items.length === 0 && node.otherwise !== null) this.walk(dot, node.otherwise);
    return null;
  }

  #setTop(fromTop: number, value: GoValue): void {
    const variable = this.#variables.at(-fromTop);
    if (variable !== undefined) variable.value = value;
  }

  #items(value: GoValue): ReturnType<typeof itemsOf> & object {
    return itemsOf(value) ?? this.#fail(`range can't iterate over ${printed(value)}`);
  }

  #template(dot: GoValue, name: string, pipe: PipeNode | null): void {
    const nodes = this.#execution.templates.get(name);
    if (nodes === undefined) this.#fail(`template ${goQuote(name)} not defined`);
    if (this.#shared.depth >= MAX_DEPTH) this.#fail(`exceeded maximum template depth (${MAX_DEPTH})`);
    const data = this.#scoped(() => (pipe === null ? null : this.#pipeline(dot, pipe)));
    this.#shared.depth += 1;
    new Executor(this.#execution, name, data, this.#shared).walk(data, nodes);
    this.#shared.depth -= 1;
  }

  #pipeline(dot: GoValue, pipe: PipeNode): GoValue {
    this.#node = pipe;
    let value: Final = NOTHING;
    for (const command of pipe.commands) value = this.#command(dot, command, value);
    const result = value === NOTHING ? null : value;
    for (const name of pipe.variables) {
      if (pipe.isAssign) {
        const known = this.#variables.findLast((variable) => variable.name === name);
        if (known === undefined) this.#fail(`undefined variable: ${name}`);
        known.value = result;
      } else this.#variables.push({ name, value: result });
    }
    return result;
  }

  #command(dot: GoValue, command: CommandNode, final: Final): GoValue {
    const [first] = command.args;
    if (first === undefined) this.#fail('empty command');
    switch (first.kind) {
      case 'field':
        this.#node = first;
        return this.#chain(dot, dot, first, first.names, command.args, final);
      case 'chain':
        return this.#chainNode(dot, first, command.args, final);
      case 'identifier':
        return this.#function(dot, first.name, first, command, command.args, final);
      case 'pipe':
        this.#notAFunction(command.args, final);
        return this.#pipeline(dot, first);
      case 'variable':
        return this.#variable(dot, first, command.args, final);
      default:
    }
    this.#node = first;
    this.#notAFunction(command.args, final);
    if (first.kind === 'nil') this.#fail('nil is not a command');
    return this.#literal(dot, first);
  }

  #literal(
    dot: GoValue,
    node: Extract<OperandNode, { kind: 'dot' | 'bool' | 'string' | 'number' }>,
  ): GoValue {
    if (node.kind === 'dot') return dot;
    if (node.kind !== 'number') return node.value;
    this.#node = node;
    return constant(node);
  }

  #notAFunction(args: readonly OperandNode[], final: Final): void {
    const [first] = args;
    if (first !== undefined && (args.length > 1 || final !== NOTHING))
      this.#fail(`can't give argument to non-function ${nodeText(first)}`);
  }

  #variable(
    dot: GoValue,
    node: Extract<OperandNode, { kind: 'variable' }>,
    args: readonly OperandNode[],
    final: Final,
  ): GoValue {
    this.#node = node;
    const [name = '', ...fields] = node.names;
    const known = this.#variables.findLast((variable) => variable.name === name);
    if (known === undefined) this.#fail(`undefined variable: ${name}`);
    if (fields.length > 0) return this.#chain(dot, known.value, node, fields, args, final);
    this.#notAFunction(args, final);
    return known.value;
  }

  #chainNode(
    dot: GoValue,
    node: Extract<OperandNode, { kind: 'chain' }>,
    args: readonly OperandNode[],
    final: Final,
  ): GoValue {
    this.#node = node;
    const receiver = this.#argument(dot, 'any', node.of);
    return this.#chain(dot, receiver, node, node.names, args, final);
  }

  #chain(
    dot: GoValue,
    receiver: GoValue,
    node: AnyNode,
    names: readonly string[],
    args: readonly OperandNode[],
    final: Final,
  ): GoValue {
    let value = receiver;
    for (const name of names.slice(0, -1)) value = this.#field(dot, value, name, node, [], NOTHING);
    return this.#field(dot, value, names.at(-1) ?? '', node, args, final);
  }

  #field(
    dot: GoValue,
    receiver: GoValue,
    name: string,
    node: AnyNode,
    args: readonly OperandNode[],
    final: Final,
  ): GoValue {
    const hasArgs = args.length > 1 || final !== NOTHING;
    if (receiver === null) return null;
    if (receiver instanceof GoTime) return this.#method(dot, receiver, name, node, args, final);
    if (receiver instanceof GoMap) {
      if (hasArgs) this.#fail(`${name} is not a method but has arguments`);
      return receiver.entries.get(name) ?? (receiver.elem === 'string' ? '' : null);
    }
    const value = fieldOf(receiver, name);
    if (value === undefined) this.#fail(`can't evaluate field ${name} in type ${typeName(receiver)}`);
    if (hasArgs) this.#fail(`${name} has arguments but cannot be invoked as function`);
    return value;
  }

  #method(
    dot: GoValue,
    { ms }: GoTime,
    name: string,
    node: AnyNode,
    args: readonly OperandNode[],
    final: Final,
  ): GoValue {
    const method = timeMethod(ms, name);
    if (method === null) this.#fail(`can't evaluate field ${name} in type *time.Time`);
    return this.#call(dot, method, name, node, args, final);
  }

  #function(
    dot: GoValue,
    name: string,
    at: AnyNode,
    node: AnyNode,
    args: readonly OperandNode[],
    final: Final,
  ): GoValue {
    this.#node = at;
    const found = this.#execution.functions(name);
    if (found === undefined) this.#fail(`${goQuote(name)} is not a defined function`);
    return this.#call(dot, found, name, node, args, final);
  }

  #call(
    dot: GoValue,
    { params, rest, call }: GoFunction,
    name: string,
    node: AnyNode,
    all: readonly OperandNode[],
    final: Final,
  ): GoValue {
    const args = all.slice(1);
    const count = args.length + (final === NOTHING ? 0 : 1);
    if (rest !== undefined && count < params.length)
      this.#fail(`wrong number of args for ${name}: want at least ${params.length} got ${args.length}`);
    if (rest === undefined && count !== params.length)
      this.#fail(`wrong number of args for ${name}: want ${params.length} got ${count}`);
    const type = (index: number): ParamType => params[index] ?? rest ?? 'any';
    if (name === 'and' || name === 'or') {
      let value: GoValue = null;
      for (const arg of args) {
        value = this.#argument(dot, 'any', arg);
        if (isTrue(value) === (name === 'or')) return value;
      }
      return final === NOTHING ? value : final;
    }
    const values = args.map((arg, index) => this.#argument(dot, type(index), arg));
    if (final !== NOTHING) values.push(this.#fitting(final, type(args.length)));
    try {
      return call(values);
    } catch (thrown) {
      if (!(thrown instanceof TemplateFault)) throw thrown;
      this.#node = node;
      return this.#fail(`error calling ${name}: ${thrown.message}`);
    }
  }

  #fitting(value: GoValue, type: ParamType): GoValue {
    const wrong = misfit(value, type);
    if (wrong !== null) this.#fail(wrong);
    return value;
  }

  #argument(dot: GoValue, type: ParamType, node: OperandNode): GoValue {
    this.#node = node;
    switch (node.kind) {
      case 'dot':
        return this.#fitting(dot, type);
      case 'nil':
        if (type === 'string') this.#fail('cannot assign nil to string');
        return null;
      case 'field':
        return this.#fitting(this.#chain(dot, dot, node, node.names, [node], NOTHING), type);
      case 'variable':
        return this.#fitting(this.#variable(dot, node, [], NOTHING), type);
      case 'pipe':
        return this.#fitting(this.#pipeline(dot, node), type);
      case 'identifier':
        return this.#fitting(this.#function(dot, node.name, node, node, [], NOTHING), type);
      case 'chain':
        return this.#fitting(this.#chainNode(dot, node, [], NOTHING), type);
      default:
    }
    if (type === 'any') return this.#literal(dot, node);
    if (type !== 'string') this.#fail(`can't handle ${nodeText(node)} for arg of type ${TYPE_NAMES[type]}`);
    if (node.kind !== 'string') this.#fail(`expected string; found ${nodeText(node)}`);
    return node.value;
  }
}
