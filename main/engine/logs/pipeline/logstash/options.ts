import type { ImportItem } from '#shared/contract/logs-pipelines.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import type { LogstashOption, LogstashPlugin, LogstashValue } from './parse.ts';

/** What an import takes, notes and refuses, as it goes on. */
export type Findings = {
  readonly taken: ImportItem[];
  readonly notices: ImportItem[];
  readonly refused: ImportItem[];
};

/** The options of one plugin; each is asked for by name, and what nobody asked for is refused in the end. */
export class PluginOptions {
  readonly name: string;
  readonly line: number;
  readonly #options: readonly LogstashOption[];
  readonly #findings: Findings;
  readonly #asked = new Set<string>();

  constructor(plugin: LogstashPlugin, findings: Findings) {
    this.name = plugin.name;
    this.line = plugin.line;
    this.#options = plugin.options;
    this.#findings = findings;
    for (const option of plugin.options) this.#checkVariables(option.value, option);
    // Names of instances and their own measurements have no meaning here.
    for (const name of ['id', 'enable_metric', 'periodic_flush', 'ecs_compatibility']) this.#asked.add(name);
  }

  refuse(why: Bilingual, option?: string): void {
    const found = this.#options.find(({ name }) => name === option);
    this.#findings.refused.push({
      line: found?.line ?? this.line,
      name: option === undefined ? this.name : `${this.name}.${option}`,
      text: why,
    });
  }

  note(text: Bilingual, option?: string): void {
    const found = this.#options.find(({ name }) => name === option);
    this.#findings.notices.push({
      line: found?.line ?? this.line,
      name: option === undefined ? this.name : `${this.name}.${option}`,
      text,
    });
  }

  take(text: Bilingual): void {
    this.#findings.taken.push({ line: this.line, name: this.name, text });
  }

  has(name: string): boolean {
    return this.#options.some((option) => option.name === name);
  }

  /** Options without a meaning here, each noted where it is used. */
  ignore(names: readonly string[], why: Bilingual): void {
    for (const name of names) {
      this.#asked.add(name);
      if (this.has(name)) this.note(why, name);
    }
  }

  text(name: string): string | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    if (value.kind === 'text') return value.text;
    const [only] = value.kind === 'list' ? value.items : [];
    if (value.kind === 'list' && value.items.length === 1 && only?.kind === 'text') return only.text;
    if (value.kind === 'plugin' && value.options.length === 0) return value.name;
    this.#wrong(name, { zh: '应为文字', en: 'a text is needed' });
    return undefined;
  }

  /** A plugin as a value, `codec => json { … }`; a bare name is one without options. */
  plugin(name: string): LogstashPlugin | undefined {
    const value = this.#value(name);
    const { line } = this.#options.find((option) => option.name === name) ?? this;
    if (value === undefined) return undefined;
    if (value.kind === 'plugin') return { kind: 'plugin', name: value.name, line, options: value.options };
    const text = this.text(name);
    return text === undefined ? undefined : { kind: 'plugin', name: text, line, options: [] };
  }

  flag(name: string): boolean | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (text === 'true' || text === 'false') return text === 'true';
    this.#wrong(name, { zh: '应为 true 或 false', en: 'true or false is needed' });
    return undefined;
  }

  list(name: string): string[] | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    const items = value.kind === 'list' ? value.items : [value];
    const texts = items.flatMap((item) => (item.kind === 'text' ? [item.text] : []));
    if (texts.length === items.length) return texts;
    this.#wrong(name, { zh: '应为文字的列表', en: 'a list of texts is needed' });
    return undefined;
  }

  /** A hash of texts; the old way of writing one as a list of key, value, key, value is taken too. */
  hash(name: string): Record<string, string> | undefined {
    const lists = this.lists(name);
    if (lists === undefined) return undefined;
    const out: Record<string, string> = {};
    for (const [key, [first, ...more]] of lists) {
      if (first === undefined || more.length > 0) {
        this.#wrong(name, { zh: `“${key}”应只有一个值`, en: `"${key}" must have one value` });
        return undefined;
      }
      out[key] = first;
    }
    return out;
  }

  /** A hash of lists of texts. */
  lists(name: string): readonly (readonly [string, readonly string[]])[] | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    const texts = (item: LogstashValue): readonly string[] | null => {
      if (item.kind === 'text') return [item.text];
      if (item.kind !== 'list') return null;
      const found = item.items.flatMap((one) => (one.kind === 'text' ? [one.text] : []));
      return found.length === item.items.length ? found : null;
    };
    if (value.kind === 'hash') {
      const out: (readonly [string, readonly string[]])[] = [];
      for (const [key, item] of value.entries) {
        const found = texts(item);
        if (found === null) {
          this.#wrong(name, { zh: `“${key}”的值应为文字`, en: `the value of "${key}" must be a text` });
          return undefined;
        }
        out.push([key, found]);
      }
      return out;
    }
    const flat = texts(value);
    if (flat === null || flat.length % 2 !== 0 || flat.length === 0) {
      this.#wrong(name, { zh: '应为 { 键 => 值 }', en: '{ key => value } is needed' });
      return undefined;
    }
    return Array.from({ length: flat.length / 2 }, (_, index) => [
      flat[index * 2] ?? '',
      [flat[index * 2 + 1] ?? ''],
    ]);
  }

  /** Refuses every option that nobody asked for. */
  end(): void {
    for (const { name } of this.#options)
      if (!this.#asked.has(name))
        this.refuse({ zh: `不支持选项 ${name}`, en: `the option ${name} is not taken` }, name);
  }

  #value(name: string): LogstashValue | undefined {
    this.#asked.add(name);
    const found = this.#options.filter((option) => option.name === name);
    if (found.length <= 1) return found[0]?.value;
    // Logstash puts hashes and lists that come twice together.
    const values = found.map(({ value }) => value);
    if (values.every((value) => value.kind === 'hash'))
      return { kind: 'hash', entries: values.flatMap((value) => value.entries) };
    return {
      kind: 'list',
      items: values.flatMap((value) => (value.kind === 'list' ? value.items : [value])),
    };
  }

  #wrong(name: string, why: Bilingual): void {
    this.refuse({ zh: `选项 ${name}：${why.zh}`, en: `option ${name}: ${why.en}` }, name);
  }

  #checkVariables(value: LogstashValue, option: LogstashOption): void {
    if (value.kind === 'text' && /\$\{\w+(?::[^}]*)?\}/.test(value.text))
      this.refuse(
        {
          zh: '不支持环境变量，请写出值',
          en: 'variables of the environment are not taken; write the value',
        },
        option.name,
      );
    else if (value.kind === 'list') for (const item of value.items) this.#checkVariables(item, option);
    else if (value.kind === 'hash') for (const [, item] of value.entries) this.#checkVariables(item, option);
  }
}
