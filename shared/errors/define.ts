import type { Bilingual } from './text.ts';

/** What the operator reads when an expected failure happens: what it is, and what to do about it. */
export type ErrorSpec = {
  readonly message: Bilingual;
  readonly hint: Bilingual;
  /** Chinese for values that callers give in English, by placeholder: `{ what: { host: '主机' } }`. */
  readonly words?: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

/** Declares a catalogue of errors; the keys are the stable codes shown to operators and scripts. */
export function defineErrors<const T extends Record<string, ErrorSpec>>(specs: T): T {
  return specs;
}
