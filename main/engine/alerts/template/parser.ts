import { TemplateFault } from './fault.ts';
import type { BranchNode, CommandNode, OperandNode, PipeNode, TemplateNode } from './nodes.ts';
import { nodeText } from './nodes.ts';
import { readNumber } from './numbers.ts';
import { unquoteGo } from './quoting.ts';
import { goQuote, Lexer, type Token, tokenText } from './tokens.ts';

/** Parsed templates by name: the text itself, and those that it defines. */
export type Templates = ReadonlyMap<string, readonly TemplateNode[]>;

type Ended = { readonly nodes: readonly TemplateNode[]; readonly by: 'end' | 'else' };

/**
 * Parses a template as Go 1.19's `text/template` does (text/template/parse).
 *
 * @param name what errors call it
 * @param isFunction whether a function of that name exists
 * @returns the templates; throws {@link TemplateFault} with Go's message
 */
export function parseTemplate(name: string, text: string, isFunction: (name: string) => boolean): Templates {
  return new Parser(name, text, isFunction).parse();
}

class Parser {
  readonly #name: string;
  readonly #lexer: Lexer;
  readonly #isFunction: (name: string) => boolean;
  readonly #templates = new Map<string, readonly TemplateNode[]>();
  readonly #ahead: Token[] = [];
  #variables: string[] = ['$'];
  #line = 1;
  /** Line on which the action at hand began; 0 outside of one. */
  #actionLine = 0;
  #loops = 0;

  constructor(name: string, text: string, isFunction: (name: string) => boolean) {
    this.#name = name;
    this.#lexer = new Lexer(text);
    this.#isFunction = isFunction;
  }

  parse(): Templates {
    const nodes: TemplateNode[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.kind === 'eof') break;
      if (token.kind === 'left') {
        const left = this.#next();
        const word = this.#nextNonSpace();
        if (word.kind === 'keyword' && word.text === 'define') {
          this.#define();
          continue;
        }
        this.#ahead.unshift(left, word);
      }
      const node = this.#textOrAction();
      if (node === 'end' || node === 'else') this.#fail(`unexpected {{${node}}}`);
      if (node !== null) nodes.push(node);
    }
    this.#templates.set(this.#name, nodes);
    return this.#templates;
  }

  #fail(message: string): never {
    throw new TemplateFault(`template: ${this.#name}:${this.#line}: ${message}`);
  }

  #unexpected(token: Token, context: string): never {
    if (token.kind === 'error') {
      const began = this.#actionLine === 0 || this.#actionLine === token.line ? '' : this.#actionLine;
      const started = began === '' ? '' : ` in action started at ${this.#name}:${began}`;
      this.#fail(token.text + (token.text.endsWith(' action') ? started.replace(' in action', '') : started));
    }
    this.#fail(`unexpected ${tokenText(token)} in ${context}`);
  }

  #next(): Token {
    const token = this.#ahead.shift() ?? this.#lexer.next();
    this.#line = token.line;
    return token;
  }

  #peek(): Token {
    const token = this.#next();
    this.#ahead.unshift(token);
    return token;
  }

  #nextNonSpace(): Token {
    for (;;) {
      const token = this.#next();
      if (token.kind !== 'space') return token;
    }
  }

  #peekNonSpace(): Token {
    const token = this.#nextNonSpace();
    this.#ahead.unshift(token);
    return token;
  }

  #expect(kind: Token['kind'], context: string): Token {
    const token = this.#nextNonSpace();
    if (token.kind !== kind) this.#unexpected(token, context);
    return token;
  }

  #define(): void {
    const token = this.#nextNonSpace();
    if (token.kind !== 'string' && token.kind !== 'rawString') this.#unexpected(token, 'define clause');
    const name = this.#unquoted(token);
    this.#expect('right', 'define clause');
    this.#addTemplate(name, 'define clause');
  }

  #addTemplate(name: string, context: string): void {
    const outer = this.#variables;
    this.#variables = ['$'];
    const { nodes, by } = this.#list();
    if (by !== 'end') this.#fail(`unexpected {{else}} in ${context}`);
    this.#variables = outer;
    const known = this.#templates.get(name);
    if (known !== undefined && !isEmpty(known)) {
      if (!isEmpty(nodes)) this.#fail(`template: multiple definition of template ${goQuote(name)}`);
      return;
    }
    this.#templates.set(name, nodes);
  }

  #unquoted(token: Token): string {
    const value = unquoteGo(token.text);
    if (value === null) this.#fail('invalid syntax');
    return value;
  }

  #list(): Ended {
    const nodes: TemplateNode[] = [];
    while (this.#peekNonSpace().kind !== 'eof') {
      const node = this.#textOrAction();
      if (node === 'end' || node === 'else') return { nodes, by: node };
      if (node !== null) nodes.push(node);
    }
    this.#fail('unexpected EOF');
  }

  #textOrAction(): TemplateNode | 'end' | 'else' | null {
    const token = this.#nextNonSpace();
    if (token.kind === 'text') return { kind: 'text', at: token.at, text: token.text };
    if (token.kind !== 'left') this.#unexpected(token, 'input');
    this.#actionLine = token.line;
    const node = this.#action();
    this.#actionLine = 0;
    return node;
  }

  #action(): TemplateNode | 'end' | 'else' | null {
    const token = this.#nextNonSpace();
    if (token.kind === 'keyword') {
      const { text, at } = token;
      if (text === 'if' || text === 'range' || text === 'with') return this.#branch(text, at);
      if (text === 'else') return this.#else();
      if (text === 'end') {
        this.#expect('right', 'end');
        return 'end';
      }
      if (text === 'template') return this.#template();
      if (text === 'block') return this.#block();
      if (text === 'break' || text === 'continue') return this.#jump(text, at);
    }
    this.#ahead.unshift(token);
    const { at } = this.#peek();
    return { kind: 'action', at, pipe: this.#pipeline('command', 'right') };
  }

  #jump(kind: 'break' | 'continue', at: number): TemplateNode {
    const token = this.#nextNonSpace();
    if (token.kind !== 'right') this.#unexpected(token, `{{${kind}}}`);
    if (this.#loops === 0) this.#fail(`{{${kind}}} outside {{range}}`);
    return { kind, at };
  }

  /** After `{{else`: an `if` stays for the branch that reads on. */
  #else(): 'else' {
    const peek = this.#peekNonSpace();
    if (peek.kind === 'keyword' && peek.text === 'if') return 'else';
    this.#expect('right', 'else');
    return 'else';
  }

  #branch(kind: BranchNode['kind'], at: number): BranchNode {
    const known = this.#variables.length;
    const pipe = this.#pipeline(kind, 'right');
    if (kind === 'range') this.#loops += 1;
    const { nodes, by } = this.#list();
    if (kind === 'range') this.#loops -= 1;
    let otherwise: readonly TemplateNode[] | null = null;
    if (by === 'else') {
      const peek = this.#peekNonSpace();
      if (kind === 'if' && peek.kind === 'keyword' && peek.text === 'if') {
        // `{{else if x}}` is `{{else}}{{if x}}`, closed by the one end.
        const word = this.#nextNonSpace();
        otherwise = [this.#branch('if', word.at)];
      } else {
        const rest = this.#list();
        if (rest.by !== 'end') this.#fail(`expected end; found {{else}}`);
        otherwise = rest.nodes;
      }
    }
    this.#variables.length = known;
    return { kind, at, pipe, list: nodes, otherwise };
  }

  #template(): TemplateNode {
    const token = this.#nextNonSpace();
    const { at } = token;
    if (token.kind !== 'string' && token.kind !== 'rawString') this.#unexpected(token, 'template clause');
    const name = this.#unquoted(token);
    if (this.#peekNonSpace().kind === 'right') {
      this.#nextNonSpace();
      return { kind: 'template', at, name, pipe: null };
    }
    return { kind: 'template', at, name, pipe: this.#pipeline('template clause', 'right') };
  }

  #block(): TemplateNode {
    const token = this.#nextNonSpace();
    const { at } = token;
    if (token.kind !== 'string' && token.kind !== 'rawString') this.#unexpected(token, 'block clause');
    const name = this.#unquoted(token);
    const pipe = this.#pipeline('block clause', 'right');
    this.#addTemplate(name, 'block clause');
    return { kind: 'template', at, name, pipe };
  }

  #pipeline(context: string, end: 'right' | 'rightParen'): PipeNode {
    const { at } = this.#peekNonSpace();
    const { variables, isAssign } = this.#declarations(context);
    const commands: CommandNode[] = [];
    for (;;) {
      const token = this.#nextNonSpace();
      if (token.kind === end) {
        this.#checkPipeline(commands, context);
        return { kind: 'pipe', at, isAssign, variables, commands };
      }
      if (!STARTS_OPERAND.has(token.kind)) this.#unexpected(token, context);
      this.#ahead.unshift(token);
      commands.push(this.#command());
    }
  }

  #declarations(context: string): { readonly variables: readonly string[]; readonly isAssign: boolean } {
    const variables: string[] = [];
    for (;;) {
      const variable = this.#peekNonSpace();
      if (variable.kind !== 'variable') break;
      this.#nextNonSpace();
      const isSpaced = this.#peek().kind === 'space';
      const space = isSpaced ? this.#next() : null;
      const next = this.#peekNonSpace();
      if (next.kind === 'assign' || next.kind === 'declare') {
        this.#nextNonSpace();
        variables.push(variable.text);
        if (next.kind === 'declare') this.#variables.push(...variables.slice(-1));
        return { variables, isAssign: next.kind === 'assign' };
      }
      if (next.kind === 'char' && next.text === ',') {
        this.#nextNonSpace();
        variables.push(variable.text);
        this.#variables.push(variable.text);
        if (context === 'range' && variables.length < 2) {
          const following = this.#peekNonSpace();
          if (['variable', 'right', 'rightParen'].includes(following.kind)) continue;
          this.#fail('range can only initialize variables');
        }
        this.#fail(`too many declarations in ${context}`);
      }
      if (space !== null) this.#ahead.unshift(space);
      this.#ahead.unshift(variable);
      break;
    }
    return { variables, isAssign: false };
  }

  #checkPipeline(commands: readonly CommandNode[], context: string): void {
    if (commands.length === 0) this.#fail(`missing value for ${context}`);
    for (const [index, command] of commands.slice(1).entries()) {
      const kind = command.args[0]?.kind ?? 'nil';
      if (['bool', 'dot', 'nil', 'number', 'string'].includes(kind))
        this.#fail(`non executable command in pipeline stage ${index + 2}`);
    }
  }

  #command(): CommandNode {
    const { at } = this.#peekNonSpace();
    const args: OperandNode[] = [];
    for (;;) {
      this.#peekNonSpace();
      const operand = this.#operand();
      if (operand !== null) args.push(operand);
      const token = this.#next();
      if (token.kind === 'space') continue;
      if (token.kind === 'right' || token.kind === 'rightParen') this.#ahead.unshift(token);
      else if (token.kind !== 'pipe') this.#unexpected(token, 'operand');
      break;
    }
    if (args.length === 0) this.#fail('empty command');
    return { kind: 'command', at, args };
  }

  #operand(): OperandNode | null {
    const node = this.#term();
    if (node === null) return null;
    if (this.#peek().kind !== 'field') return node;
    const names: string[] = [];
    const { at } = this.#peek();
    while (this.#peek().kind === 'field') names.push(this.#next().text.slice(1));
    switch (node.kind) {
      case 'field':
        return { ...node, at, names: [...node.names, ...names] };
      case 'variable':
        return { ...node, at, names: [...node.names, ...names] };
      case 'bool':
      case 'string':
      case 'number':
      case 'nil':
      case 'dot':
        this.#fail(`unexpected . after term ${goQuote(nodeText(node))}`);
        break;
      default:
        return { kind: 'chain', at, of: node, names };
    }
  }

  #term(): OperandNode | null {
    const token = this.#nextNonSpace();
    const { at, text } = token;
    switch (token.kind) {
      case 'identifier':
        if (!this.#isFunction(text)) this.#fail(`function ${goQuote(text)} not defined`);
        return { kind: 'identifier', at, name: text };
      case 'dot':
        return { kind: 'dot', at };
      case 'nil':
        return { kind: 'nil', at };
      case 'variable':
        if (!this.#variables.includes(text)) this.#fail(`undefined variable ${goQuote(text)}`);
        return { kind: 'variable', at, names: [text] };
      case 'field':
        return { kind: 'field', at, names: [text.slice(1)] };
      case 'bool':
        return { kind: 'bool', at, value: text === 'true' };
      case 'charConstant':
      case 'number': {
        const read = readNumber(text);
        if (typeof read === 'string') this.#fail(read);
        return { kind: 'number', at, text, ...read };
      }
      case 'leftParen':
        return this.#pipeline('parenthesized pipeline', 'rightParen');
      case 'string':
      case 'rawString':
        return { kind: 'string', at, quoted: text, value: this.#unquoted(token) };
      default:
        this.#ahead.unshift(token);
        return null;
    }
  }
}

/** Whether nothing but spaces is in a template. */
function isEmpty(nodes: readonly TemplateNode[]): boolean {
  return nodes.every((node) => node.kind === 'text' && node.text.trim() === '');
}

const STARTS_OPERAND: ReadonlySet<Token['kind']> = new Set([
  'bool',
  'charConstant',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'rawString',
  'string',
  'variable',
  'leftParen',
]);
