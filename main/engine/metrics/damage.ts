const BUG_CODES: ReadonlySet<unknown> = new Set([
  'SQLITE_ERROR',
  'SQLITE_MISUSE',
  'SQLITE_RANGE',
  'SQLITE_NOMEM',
]);

/**
 * Lets pass what can come from a damaged file, and throws again what only a bug or a lack of memory gives: a good file must
 * not be set aside for those.
 *
 * @param thrown what reading a file threw, or a text that says what was found wrong
 */
export function rethrowBugs(thrown: unknown): void {
  const isBug =
    thrown instanceof TypeError ||
    thrown instanceof ReferenceError ||
    BUG_CODES.has((thrown as { readonly code?: unknown } | null)?.code);
  if (isBug) throw thrown;
}
