/** Characters of a value, and of an object. */
const MOST_TEXT = 200;
const MOST_ITEMS = 20;

/**
 * The named values of a request as they are kept: short texts. Addresses lose user and query, where passwords and tokens like to stand;
 * of what has members only the names are kept.
 */
export function askedOf(params: object, fields: readonly string[]): Record<string, string> {
  const values = params as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    fields.flatMap((field) => {
      const text = textOf(values[field]);
      return text === '' ? [] : [[field, clipped(text)]];
    }),
  );
}

/** An object's name as it is kept. */
export function objectText(text: string): string {
  return clipped(withoutLogin(text));
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return withoutLogin(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) {
    const shown = value.slice(0, MOST_ITEMS).map(textOf).join(', ');
    return value.length > MOST_ITEMS ? `${shown}, … (${value.length})` : shown;
  }
  return Object.keys(value).join(', ');
}

/** `https://user:password@host/path?token=…` becomes `https://host/path`. */
function withoutLogin(text: string): string {
  // It begins at the slashes: looking for a scheme before them takes the square of the length of a text that has none.
  return text.replace(/(:\/\/)(?:[^\s/?#]*@)?([^\s?#]*)(?:[?#]\S*)?/g, '$1$2');
}

function clipped(text: string): string {
  const letters = Array.from(text.slice(0, 2 * MOST_TEXT + 2));
  return letters.length > MOST_TEXT ? `${letters.slice(0, MOST_TEXT).join('')}…` : text;
}
