/** What an effect of the preflight returns: done, or why not and what to do about it. */
export type Outcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly sentence: string; readonly hint: string };

/** The step did what it should. */
export const done: Outcome = { ok: true };

/** The step failed in an expected way. */
export function failed(sentence: string, hint: string): Outcome {
  return { ok: false, sentence, hint };
}

/** One line for the person who waits. */
export function say(line: string): void {
  console.log(`preflight: ${line}`);
}
