import type { ImportRemark } from '#shared/contract/notify.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import { readDuration } from '../rules/duration.ts';
import type { YamlEntry, YamlView } from '../rules/yaml-view.ts';

/** Fields of a map by name. */
export type Fields = ReadonlyMap<string, YamlEntry>;

/** Reads parts of an alertmanager.yml, and notes with their lines what is wrong and what is left out. */
export class ConfigReader {
  readonly problems: ImportRemark[] = [];
  readonly leftOut: ImportRemark[] = [];

  /** Something is wrong: nothing will be taken. */
  wrong(line: number, field: string, text: Bilingual): void {
    this.problems.push({ line, field, text });
  }

  /** Something has no counterpart. */
  leave(line: number, field: string, text: Bilingual): void {
    this.leftOut.push({ line, field, text });
  }

  /** The fields of a map. Like Alertmanager, one that is not known is wrong. */
  fields(view: YamlView, known: readonly string[], where: string): Fields {
    if (view.kind === 'scalar' && view.isNull) return new Map();
    if (view.kind !== 'map') {
      this.wrong(view.line, where, { zh: '此处应为键值对', en: 'expected fields here' });
      return new Map();
    }
    for (const { key, line } of view.entries)
      if (!known.includes(key))
        this.wrong(line, `${where}.${key}`, {
          zh: `${where} 中没有字段 ${key}`,
          en: `field ${key} not found in ${where}`,
        });
    return new Map(view.entries.map((entry) => [entry.key, entry]));
  }

  items(entry: YamlEntry | undefined): readonly YamlView[] {
    if (entry === undefined || (entry.value.kind === 'scalar' && entry.value.isNull)) return [];
    if (entry.value.kind === 'list') return entry.value.items;
    this.wrong(entry.line, entry.key, {
      zh: `${entry.key} 应为列表`,
      en: `${entry.key} must be a list`,
    });
    return [];
  }

  /** A scalar as it is written; '' when there is none. */
  text(view: YamlView | undefined, field: string): string {
    if (view === undefined) return '';
    if (view.kind === 'scalar') return view.text;
    this.wrong(view.line, field, { zh: `${field} 应为文本`, en: `${field} must be text` });
    return '';
  }

  texts(entry: YamlEntry | undefined): readonly { readonly line: number; readonly text: string }[] {
    return this.items(entry).map((view) => ({ line: view.line, text: this.text(view, entry?.key ?? '') }));
  }

  flag(entry: YamlEntry | undefined, otherwise: boolean): boolean {
    if (entry === undefined) return otherwise;
    const text = this.text(entry.value, entry.key);
    if (text === 'true' || text === 'false') return text === 'true';
    this.wrong(entry.line, entry.key, {
      zh: `${entry.key} 应为 true 或 false`,
      en: `${entry.key} must be true or false`,
    });
    return otherwise;
  }

  /** Milliseconds; null when it is not there. */
  duration(entry: YamlEntry | undefined, mayBeZero: boolean): number | null {
    if (entry === undefined) return null;
    const read = readDuration(this.text(entry.value, entry.key));
    if (typeof read !== 'number') {
      this.wrong(entry.line, entry.key, { zh: `${entry.key} 不是时长：${read.wrong}`, en: read.wrong });
      return null;
    }
    if (read === 0 && !mayBeZero)
      this.wrong(entry.line, entry.key, {
        zh: `${entry.key} 不能为零`,
        en: `${entry.key} cannot be zero`,
      });
    return read;
  }
}
