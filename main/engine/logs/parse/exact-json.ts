/** Fewer digits than this always fit into a double. */
const LONG_NUMBER = /\d{16}/;

/**
 * Parses JSON. Integers that a double cannot hold, as many systems use them for identifiers, are given as texts with all
 * their digits. Throws what `JSON.parse` throws.
 */
export function parseExactJson(text: string): unknown {
  return LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  return /^-?\d+$/.test(source) ? source : value;
}
