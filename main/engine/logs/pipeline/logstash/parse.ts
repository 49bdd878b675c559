import type { Bilingual } from '#shared/errors/index.ts';
import { readCondition } from '../condition.ts';
import { Fault } from '../fault.ts';
import { LanguageReader } from '../reader.ts';

/** A value of an option. */
export type LogstashValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly LogstashValue[] }
  | { readonly kind: 'hash'; readonly entries: readonly (readonly [string, LogstashValue])[] }
  /** A plugin as a value: `codec => json { … }`. */
  | { readonly kind: 'plugin'; readonly name: string; readonly options: readonly LogstashOption[] };

export type LogstashOption = { readonly name: string; readonly line: number; readonly value: LogstashValue };

export type LogstashPlugin = {
  readonly kind: 'plugin';
  readonly name: string;
  readonly line: number;
  readonly options: readonly LogstashOption[];
};

export type LogstashIf = {
  readonly kind: 'if';
  readonly line: number;
  readonly branches: readonly {
    readonly when: string;
    readonly line: number;
    readonly body: readonly LogstashStatement[];
  }[];
  readonly otherwise: readonly LogstashStatement[];
};

export type LogstashStatement = LogstashPlugin | LogstashIf;

/** A Logstash configuration, as it is written. */
export type LogstashFile = {
  readonly sections: readonly {
    readonly name: 'input' | 'filter' | 'output';
    readonly line: number;
    readonly body: readonly LogstashStatement[];
  }[];
};

/** Where and why a text is not a Logstash configuration. */
export type LogstashSyntax = { readonly line: number; readonly why: Bilingual };

const MAX_DEPTH = 40;

/** Parses a configuration; the first fault in its grammar ends the reading. */
export function parseLogstash(text: string): LogstashFile | LogstashSyntax {
  const reader = new LanguageReader(text);
  try {
    const sections: LogstashFile['sections'][number][] = [];
    while (!reader.ended) {
      const { line } = reader.place();
      const name = reader.word();
      if (name !== 'input' && name !== 'filter' && name !== 'output')
        throw reader.fault({
          zh: `此处应为 input、filter 或 output，实为 ${name ?? reader.next()}`,
          en: `input, filter or output is missing here, not ${name ?? reader.next()}`,
        });
      sections.push({ name, line, body: readBody(reader, 0) });
    }
    return { sections };
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return { line: reader.place(Math.min(thrown.at, text.length)).line, why: thrown.why };
  }
}

function readBody(reader: LanguageReader, depth: number): readonly LogstashStatement[] {
  if (depth > MAX_DEPTH) throw reader.fault({ zh: '嵌套过深', en: 'nested too deeply' });
  reader.expect('{');
  const body: LogstashStatement[] = [];
  while (!reader.takes('}')) {
    if (reader.ended) throw reader.fault({ zh: '缺少 }', en: '} is missing' });
    const { line } = reader.place();
    if (reader.takesWord('if')) body.push(readIf(reader, line, depth));
    else {
      const name = reader.word() ?? reader.quoted();
      if (name === null)
        throw reader.fault({
          zh: `此处应为插件名，实为 ${reader.next()}`,
          en: `the name of a plugin is missing before ${reader.next()}`,
        });
      body.push({ kind: 'plugin', name, line, options: readOptions(reader, depth + 1) });
    }
  }
  return body;
}

function readIf(reader: LanguageReader, line: number, depth: number): LogstashIf {
  const branches: LogstashIf['branches'][number][] = [];
  const branch = (at: number): void => {
    reader.space();
    const start = reader.at;
    readCondition(reader);
    const when = reader.text.slice(start, reader.at).trim();
    branches.push({ when, line: at, body: readBody(reader, depth + 1) });
  };
  branch(line);
  while (!reader.ended) {
    const { line: at } = reader.place();
    if (!reader.takesWord('else')) break;
    if (reader.takesWord('if')) branch(at);
    else return { kind: 'if', line, branches, otherwise: readBody(reader, depth + 1) };
  }
  return { kind: 'if', line, branches, otherwise: [] };
}

function readOptions(reader: LanguageReader, depth: number): readonly LogstashOption[] {
  reader.expect('{');
  const options: LogstashOption[] = [];
  while (!reader.takes('}')) {
    if (reader.ended) throw reader.fault({ zh: '缺少 }', en: '} is missing' });
    const { line } = reader.place();
    const name = reader.word() ?? reader.quoted();
    if (name === null)
      throw reader.fault({
        zh: `此处应为选项名，实为 ${reader.next()}`,
        en: `the name of an option is missing before ${reader.next()}`,
      });
    reader.expect('=>');
    options.push({ name, line, value: readValue(reader, depth) });
  }
  return options;
}

function readValue(reader: LanguageReader, depth: number): LogstashValue {
  if (depth > MAX_DEPTH) throw reader.fault({ zh: '嵌套过深', en: 'nested too deeply' });
  const text = reader.quoted();
  if (text !== null) return { kind: 'text', text };
  const number = reader.number();
  if (number !== null) return { kind: 'text', text: String(number) };
  if (reader.takes('[')) {
    const items: LogstashValue[] = [];
    while (!reader.takes(']')) {
      if (items.length > 0) reader.expect(',');
      if (items.length > 0 && reader.takes(']')) break;
      items.push(readValue(reader, depth + 1));
    }
    return { kind: 'list', items };
  }
  if (reader.takes('{')) {
    const entries: (readonly [string, LogstashValue])[] = [];
    while (!reader.takes('}')) {
      if (entries.length > 0) reader.takes(',');
      const key = reader.quoted() ?? reader.word() ?? reader.reference() ?? reader.number();
      if (key === null)
        throw reader.fault({
          zh: `此处应为键，实为 ${reader.next()}`,
          en: `a key is missing before ${reader.next()}`,
        });
      reader.expect('=>');
      entries.push([String(key), readValue(reader, depth + 1)]);
    }
    return { kind: 'hash', entries };
  }
  const word = reader.word();
  if (word === null)
    throw reader.fault({
      zh: `此处应为值，实为 ${reader.next()}`,
      en: `a value is missing before ${reader.next()}`,
    });
  if (reader.peeks('{')) return { kind: 'plugin', name: word, options: readOptions(reader, depth + 1) };
  return { kind: 'text', text: word };
}
