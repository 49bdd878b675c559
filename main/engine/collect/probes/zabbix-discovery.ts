import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';

/** Most things of one discovery; a server with more is asked for them by items of its own. */
const MOST_FOUND = 500;

/** Reads the answer of a discovery item: an array of objects with macros, or `{"data": […]}` of older agents. */
function readDiscovery(text: string): Result<readonly Readonly<Record<string, string>>[]> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (thrown) {
    return err(appError('CHECK_NOT_JSON', { why: describeThrown(thrown) }));
  }
  const rows = Array.isArray(document) ? document : (document as { readonly data?: unknown } | null)?.data;
  if (!Array.isArray(rows))
    return err(appError('CHECK_ANSWER_INVALID', { why: 'no array of discovered things' }));
  return ok(
    rows
      .slice(0, MOST_FOUND)
      .map((row: unknown) =>
        Object.fromEntries(
          Object.entries(row !== null && typeof row === 'object' ? row : {}).map(([macro, value]) => [
            macro,
            String(value),
          ]),
        ),
      ),
  );
}

/** A parameter of a key is quoted when it would be read as something else. */
function quoted(value: string): string {
  return /^[ "]|[,\]]/.test(value) ? `"${value.replace(/"/g, '\\"')}"` : value;
}

/** The keys of what a discovery found: every item prototype with the macros of every thing filled in. */
export function keysOfDiscovery(text: string, prototypes: readonly string[]): Result<readonly string[]> {
  const found = readDiscovery(text);
  if (!found.ok) return found;
  return ok(
    found.value.flatMap((macros) =>
      prototypes
        .map((key) =>
          key.replace(/\{#[A-Z0-9_.]+\}/g, (macro) =>
            macro in macros ? quoted(macros[macro] ?? '') : macro,
          ),
        )
        // A macro that the thing does not have leaves a key that no agent knows.
        .filter((key) => !key.includes('{#')),
    ),
  );
}
