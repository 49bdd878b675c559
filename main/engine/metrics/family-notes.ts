import { ENTRY, type Entry, type ExpositionParser } from './exposition/types.ts';
import type { Head } from './head.ts';

/** Bounds for what expositions say about metrics: families of the whole site, new ones of a scrape, and text. */
const MOST_FAMILIES = 50_000;
const MOST_NEW_FAMILIES = 20_000;
const LONGEST_TEXT = 1_024;

/** Takes up what one target's expositions say about metrics: type, help and unit. */
export class FamilyNotes {
  readonly #head: Head;
  #fresh = 0;

  constructor(head: Head) {
    this.#head = head;
  }

  /** Begins a scrape. */
  begin(): void {
    this.#fresh = 0;
  }

  /** Takes up the line that the parser stands on, unless there is too much of it. */
  take({ metaName, metaText }: ExpositionParser, entry: Entry): void {
    const { metadata } = this.#head;
    if (metaName.length > LONGEST_TEXT) return;
    if (!metadata.has(metaName)) {
      this.#fresh++;
      if (this.#fresh > MOST_NEW_FAMILIES || metadata.size >= MOST_FAMILIES) return;
    }
    const part = entry === ENTRY.type ? 'type' : entry === ENTRY.help ? 'help' : 'unit';
    this.#head.describe(metaName, part, cut(metaText));
  }
}

/** The beginning of a text, as a text of its own: a part of a string keeps all of it in memory. */
function cut(text: string): string {
  return text.length <= LONGEST_TEXT ? text : Buffer.from(text.slice(0, LONGEST_TEXT)).toString('utf8');
}
