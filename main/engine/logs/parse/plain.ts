import { leadingLevel } from './levels.ts';
import type { LineParser } from './parser.ts';
import type { ZoneClock } from './zone.ts';

/** Keeps the whole line as the message; a level word at its start counts. Every line has this format. */
export function plainParser(_zone: ZoneClock): LineParser {
  return {
    name: 'plain',
    parse: (text) => ({ time: null, level: leadingLevel(text), message: text, fields: {} }),
  };
}
