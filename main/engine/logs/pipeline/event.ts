import type { LogLevel } from '#shared/contract/logs.ts';
import { levelFromName } from '#shared/domain/log-query/level-names.ts';
import type { EventChanges, StageEvent } from '../stage.ts';

/** Values of fields inside a pipeline; what is stored are texts. */
export type FieldValue = string | readonly string[];

/** Names under which the level stands in files of one kind or another. */
const LEVEL_NAMES: ReadonlySet<string> = new Set(['level', 'loglevel', 'log_level', 'log.level', 'severity']);
const HOST_NAMES: ReadonlySet<string> = new Set(['host', 'host.name', 'host.hostname']);
const PATH_NAMES: ReadonlySet<string> = new Set(['path', 'log.file.path']);
const RAW_NAMES: ReadonlySet<string> = new Set(['event.original', 'raw']);
/** More fields than this are not set; a line of a million pairs must not become a million fields. */
const MOST_FIELDS = 400;
const LONGEST_VALUE = 262_144;
const LONGEST_NAME = 200;

/** An event inside a pipeline: everything that filters read and change. */
export class WorkEvent {
  readonly input: StageEvent;
  text: string;
  time: number;
  level: LogLevel;
  stream = '';
  readonly tags: string[] = [];
  readonly #fields: Map<string, FieldValue>;
  /** Fields that only the format read; Logstash's events do not have them. */
  readonly #read: Set<string>;
  /** The level as a filter wrote it. */
  #levelText: string | null = null;
  #message: string;
  #messageBefore: string;
  /** The parsed message, as it is shown as long as no filter changes it. */
  #shown: string;

  /** @param wholeLine `message` means the whole line, as in Logstash */
  constructor(input: StageEvent, wholeLine: boolean) {
    this.input = input;
    this.text = input.text;
    this.time = input.time;
    this.level = input.level;
    this.#fields = new Map(Object.entries(input.fields));
    this.#read = new Set(this.#fields.keys());
    this.#shown = input.message;
    this.#messageBefore = wholeLine ? input.text : input.message;
    this.#message = this.#messageBefore;
  }

  get message(): string {
    return this.#message;
  }

  /** The value of a field, by its flat name; undefined when there is none. */
  get(name: string): FieldValue | undefined {
    if (name === 'message') return this.#message;
    // As in Logstash there are no tags before the first one.
    if (name === 'tags') return this.tags.length === 0 ? undefined : this.tags;
    const own = this.#fields.get(name);
    if (own !== undefined) return own;
    if (name === '@timestamp' || name === 'time') return isoTime(this.time);
    if (LEVEL_NAMES.has(name)) return this.level === 'unknown' ? undefined : this.#shownLevel(name);
    if (name === 'stream') return this.stream;
    if (name === 'source') return this.input.source;
    if (HOST_NAMES.has(name)) return this.input.host;
    if (PATH_NAMES.has(name)) return this.input.path;
    if (RAW_NAMES.has(name)) return this.text;
    return undefined;
  }

  /** The value as one text; undefined when there is none. */
  textOf(name: string): string | undefined {
    const value = this.get(name);
    return value === undefined || typeof value === 'string' ? value : value.join(',');
  }

  /** Whether the event's own level is what a text means; null when the field is an ordinary one. */
  isLevel(name: string, text: string): boolean | null {
    if (!LEVEL_NAMES.has(name) || this.#fields.has(name)) return null;
    const meant = levelFromName(text);
    return meant === null ? null : meant === this.level;
  }

  /** How the event's own level may be written in an expression; null when the field is an ordinary one, or there is no level. */
  levelSpellings(name: string): readonly string[] | null {
    if (!LEVEL_NAMES.has(name) || this.#fields.has(name) || this.level === 'unknown') return null;
    return [this.#shownLevel(name), this.level, this.level.toUpperCase()];
  }

  #shownLevel(name: string): string {
    if (this.#levelText !== null) return this.#levelText;
    return name === 'level' ? this.level : this.level.toUpperCase();
  }

  set(name: string, value: FieldValue): void {
    const kept =
      typeof value === 'string'
        ? value.slice(0, LONGEST_VALUE)
        : value.map((item) => item.slice(0, LONGEST_VALUE));
    if (name === 'message') {
      this.#message = typeof kept === 'string' ? kept : kept.join(',');
      return;
    }
    if (name === 'tags') {
      this.tags.length = 0;
      for (const tag of typeof kept === 'string' ? [kept] : kept) this.tag(tag);
      return;
    }
    if (name === '@timestamp' || name === '') return;
    if (LEVEL_NAMES.has(name) && typeof kept === 'string') {
      const level = levelFromName(kept.trim());
      if (level !== null) {
        this.level = level;
        this.#levelText = kept.trim();
        if (name === 'level') {
          this.#fields.delete(name);
          return;
        }
      }
    }
    if (name.length > LONGEST_NAME || (this.#fields.size >= MOST_FIELDS && !this.#fields.has(name))) return;
    this.#fields.set(name, kept);
    this.#read.delete(name);
  }

  /** Adds a value as Logstash does: a field that a filter has set before becomes a list. */
  add(name: string, value: string): void {
    const before = this.#read.has(name) ? undefined : this.#fields.get(name);
    if (before === undefined) this.set(name, value);
    else this.set(name, [...(typeof before === 'string' ? [before] : before), value]);
  }

  /** Takes a field away, and those inside it; what every event has (message, time, level, host) stays. */
  remove(name: string): void {
    if (name === 'tags') this.tags.length = 0;
    this.#fields.delete(name);
    const inside = `${name}.`;
    for (const key of [...this.#fields.keys()]) if (key.startsWith(inside)) this.#fields.delete(key);
  }

  /** Hides something everywhere: in the line, the message, the fields. */
  hide(masked: (text: string) => string): void {
    this.text = masked(this.text);
    this.#messageBefore = masked(this.#messageBefore);
    this.#message = masked(this.#message);
    this.#shown = masked(this.#shown);
    for (const [name, value] of [...this.#fields])
      this.#fields.set(name, typeof value === 'string' ? masked(value) : value.map(masked));
  }

  /** Whether there is such a field, or one inside it. */
  has(name: string): boolean {
    return this.get(name) !== undefined || this.entriesOf(name).length > 0;
  }

  /** The value of a field, under the name `''`, and those of all fields inside it, as `.user`. */
  entriesOf(name: string): readonly (readonly [string, FieldValue])[] {
    const own = this.get(name);
    if (own !== undefined) return [['', own]];
    const inside = `${name}.`;
    return [...this.#fields]
      .filter(([key]) => key.startsWith(inside))
      .map(([key, value]) => [key.slice(name.length), value]);
  }

  tag(name: string): void {
    if (name !== '' && !this.tags.includes(name) && this.tags.length < 100) this.tags.push(name);
  }

  untag(name: string): void {
    const at = this.tags.indexOf(name);
    if (at >= 0) this.tags.splice(at, 1);
  }

  /** Names of the fields that it has now, without what every event has. */
  fieldNames(): readonly string[] {
    return [...this.#fields.keys()];
  }

  /** The fields as they would be stored. */
  fields(): Readonly<Record<string, string>> {
    const out: Record<string, string> = {};
    for (const [name, value] of this.#fields) if (!isScratch(name)) define(out, name, stored(value));
    return out;
  }

  /** The message as it is shown: the parsed one, as long as no filter changed it. */
  shownMessage(): string {
    return this.#message === this.#messageBefore ? this.#shown : this.#message;
  }

  /**
   * What differs from what the format reads out of the line; null when nothing does.
   *
   * @param fields the fields as they were read, before the first pipeline
   */
  changesAgainst(fields: Readonly<Record<string, string>>, readMessage: string): EventChanges | null {
    const set: Record<string, string> = {};
    const removed: string[] = [];
    let any = false;
    for (const [name, value] of this.#fields) {
      if (isScratch(name)) continue;
      const text = stored(value);
      if (Object.hasOwn(fields, name) && fields[name] === text) continue;
      define(set, name, text);
      any = true;
    }
    for (const name of Object.keys(fields)) if (!this.#fields.has(name)) removed.push(name);
    const message = this.shownMessage();
    const changed = message !== readMessage;
    if (!any && removed.length === 0 && !changed && this.tags.length === 0) return null;
    return {
      ...(changed ? { message } : {}),
      ...(any ? { set } : {}),
      ...(removed.length > 0 ? { removed } : {}),
      ...(this.tags.length > 0 ? { tags: [...this.tags] } : {}),
    };
  }
}

/** What Logstash's filters note for each other; it never leaves the pipeline. */
function isScratch(name: string): boolean {
  return name === '@metadata' || name.startsWith('@metadata.');
}

function isoTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

function stored(value: FieldValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Sets a property whatever its name, `__proto__` too. */
function define(into: Record<string, string>, name: string, value: string): void {
  Object.defineProperty(into, name, { value, enumerable: true, configurable: true, writable: true });
}
