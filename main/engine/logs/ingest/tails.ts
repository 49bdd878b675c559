import type { LogEvent } from '#shared/contract/logs.ts';
import type { FormatSpec } from '../model.ts';
import type { LineParser } from '../parse/parser.ts';
import type { CompiledNode } from '../search/compile.ts';
import { lineMatches, showEvent } from '../search/events.ts';
import { lineOfStream, streamAt } from '../store/columns.ts';
import type { Segment } from '../store/day.ts';
import type { LineOrigin } from '../store/heads.ts';

/** Events of one tail that wait to be sent at most; what comes faster is counted, not kept. */
const QUEUE = 2000;

type Tail = { readonly node: CompiledNode; events: LogEvent[]; skipped: number };

/** Where lines of a segment come from that go to one log stream. */
export function lineOrigin({ day, position, source, format }: Segment, stream: string): LineOrigin {
  return {
    ...{ day, format, stream },
    fileKey: position.key,
    path: position.path,
    sourceId: source.id,
    sourceName: source.name,
    host: source.host,
  };
}

/** The live tails: what was just stored is compared with each, and waits here, bounded, to be sent. */
export class LiveTails {
  readonly #tails = new Map<string, Tail>();
  readonly #parserOf: (format: FormatSpec) => LineParser;

  constructor(parserOf: (format: FormatSpec) => LineParser) {
    this.#parserOf = parserOf;
  }

  start(id: string, node: CompiledNode): void {
    this.#tails.set(id, { node, events: [], skipped: 0 });
  }

  stop(id: string): void {
    this.#tails.delete(id);
  }

  /** Shows the tails what has been stored. */
  stored(segment: Segment): void {
    const { lines } = segment;
    if (this.#tails.size === 0 || lines.events === 0) return;
    const parser = this.#parserOf(segment.format);
    for (const tail of this.#tails.values()) {
      for (let i = 0; i < lines.events; i += 1) {
        const stream = streamAt(lines, i);
        const line = lineOfStream(lines, i, stream);
        const placed = lineOrigin(segment, stream);
        if (!lineMatches(tail.node, line, placed, parser)) continue;
        if (tail.events.length < QUEUE) tail.events.push(showEvent(line, placed, parser));
        else tail.skipped += 1;
      }
    }
  }

  /** Takes what waits, per tail. */
  take(): readonly {
    readonly tail: string;
    readonly events: readonly LogEvent[];
    readonly skipped: number;
  }[] {
    const waiting = [];
    for (const [id, tail] of this.#tails) {
      if (tail.events.length === 0 && tail.skipped === 0) continue;
      waiting.push({ tail: id, events: tail.events, skipped: tail.skipped });
      tail.events = [];
      tail.skipped = 0;
    }
    return waiting;
  }
}
