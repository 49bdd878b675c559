import type { Bilingual } from '#shared/errors/index.ts';

/** Thrown inside this folder only, to leave a parser or a compiler from any depth; turned into a value at its entry. */
export class Fault extends Error {
  readonly why: Bilingual;
  /** UTF-16 units from the beginning of the text; 0 where there is no text. */
  readonly at: number;
  constructor(why: Bilingual, at = 0) {
    super(why.en);
    this.why = why;
    this.at = at;
  }
}
