import type { ImportFinding } from '#shared/contract/dashboards.ts';
import type { Bilingual } from '#shared/errors/index.ts';

/** Findings that are kept; a hostile file could have millions. */
const MOST_KEPT = 20_000;

/** Collects what an import could not take. */
export class Findings {
  readonly list: ImportFinding[] = [];
  #panel: { readonly title: string; readonly id: number } | null = null;

  /** What is found from now on belongs to this panel, or to the dashboard itself. */
  inPanel(panel: { readonly title: string; readonly id: number } | null): void {
    this.#panel = panel;
  }

  add(level: ImportFinding['level'], path: string, what: Bilingual): void {
    if (this.list.length >= MOST_KEPT) return;
    const panel = this.#panel;
    this.list.push({ level, path, panel: panel?.title ?? null, panelId: panel?.id ?? null, what });
  }
}

type Json = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object. */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value that changes nothing: a switch that is off, a text or a list that is empty. */
function isNothing(value: unknown, depth = 0): boolean {
  if (value === null || value === undefined || value === false || value === '' || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isJson(value) && depth < 5 && Object.values(value).every((each) => isNothing(each, depth + 1));
}

/**
 * An object of the file. It remembers which members were read, so that all others can be listed: nothing is dropped silently because
 * somebody forgot it.
 */
export class Node {
  readonly path: string;
  readonly findings: Findings;
  readonly #value: Json;
  readonly #used = new Set<string>();

  constructor(value: unknown, path: string, findings: Findings) {
    this.#value = isJson(value) ? value : {};
    this.path = path;
    this.findings = findings;
  }

  at(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  raw(key: string): unknown {
    this.#used.add(key);
    return Object.hasOwn(this.#value, key) ? this.#value[key] : undefined;
  }

  has(key: string): boolean {
    const value = Object.hasOwn(this.#value, key) ? this.#value[key] : undefined;
    return value !== undefined && value !== null;
  }

  keys(): readonly string[] {
    return Object.keys(this.#value);
  }

  /** A text of at most so many characters; a longer one is cut, and that is said. */
  text(key: string, most: number, fallback = ''): string {
    const value = this.raw(key);
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    if (typeof value !== 'string') return fallback;
    if (value.length <= most) return value;
    this.findings.add('changed', this.at(key), {
      zh: `文本有 ${value.length} 个字符，已截短到 ${most} 个`,
      en: `the text has ${value.length} characters and was cut to ${most}`,
    });
    return value.slice(0, most);
  }

  number(key: string): number | null {
    const value = this.raw(key);
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    // Old versions kept numbers as texts.
    if (typeof value !== 'string' || value.trim() === '') return null;
    const parsed = Number(value);
    return Number.isFinite(parsed) ? parsed : null;
  }

  flag(key: string, fallback = false): boolean {
    const value = this.raw(key);
    return typeof value === 'boolean' ? value : fallback;
  }

  list(key: string): readonly unknown[] {
    const value = this.raw(key);
    return Array.isArray(value) ? value : [];
  }

  texts(key: string, most: number): readonly string[] {
    return this.list(key)
      .filter((value): value is string => typeof value === 'string')
      .map((value) => value.slice(0, most));
  }

  child(key: string): Node {
    return new Node(this.raw(key), this.at(key), this.findings);
  }

  /** The objects of a list, at most so many; those beyond are said to be left. */
  children(key: string, most: number): readonly Node[] {
    const values = this.list(key);
    if (values.length > most) {
      this.findings.add('left', this.at(key), {
        zh: `共 ${values.length} 项，只取前 ${most} 项`,
        en: `there are ${values.length} entries; the first ${most} are taken`,
      });
    }
    return values.slice(0, most).map((value, i) => new Node(value, `${this.at(key)}[${i}]`, this.findings));
  }

  /** Members that mean nothing here, such as what Grafana's editor remembers. */
  skip(...keys: readonly string[]): this {
    for (const key of keys) this.#used.add(key);
    return this;
  }

  left(key: string, what: Bilingual): void {
    this.#used.add(key);
    this.findings.add('left', this.at(key), what);
  }

  changed(key: string, what: Bilingual): void {
    this.#used.add(key);
    this.findings.add('changed', this.at(key), what);
  }

  note(key: string, what: Bilingual): void {
    this.#used.add(key);
    this.findings.add('note', this.at(key), what);
  }

  /** Lists every member that was not read and that is not empty. */
  listRest(): void {
    for (const [key, value] of Object.entries(this.#value)) {
      if (this.#used.has(key) || isNothing(value)) continue;
      this.left(key, {
        zh: `设置“${key}”在本控制台没有对应项，已略去`,
        en: `"${key}" has no counterpart here and was left out`,
      });
    }
  }
}

/** One of the known words, or null. */
export function oneOf<const T extends string>(value: unknown, known: readonly T[]): T | null {
  return known.find((each) => each === value) ?? null;
}

/** An integer within bounds, or null when there is no number. */
export function integer(value: number | null, least: number, most: number): number | null {
  return value === null ? null : Math.min(most, Math.max(least, Math.round(value)));
}
