import { isSealed } from '#shared/contract/secrets.ts';

/** Stands for a secret in a document: where it belongs, so that the same configuration gives the same text. */
function placeholder(section: string, key: string, path: string): string {
  return `secret:${section}/${key}#${path}`;
}

/** A copy of JSON in which each text is what `change` says; undefined leaves the member out. */
function mapTexts(
  value: unknown,
  change: (text: string, path: string) => string | undefined,
  path = '',
): unknown {
  const at = (name: string | number): string => (path === '' ? String(name) : `${path}.${name}`);
  if (typeof value === 'string') return change(value, path);
  if (Array.isArray(value)) return value.map((inner, index) => mapTexts(inner, change, at(index)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const mapped = mapTexts(inner, change, at(name));
      return mapped === undefined && inner !== undefined ? [] : [[name, mapped]];
    }),
  );
}

/**
 * An entry as a document holds it.
 *
 * @param found hears of every reference to a sealed secret, with what stands for it
 */
export function withPlaceholders(
  section: string,
  key: string,
  body: object,
  found: (placeholder: string, ref: string) => void,
): object {
  return mapTexts(body, (text, path) => {
    if (!isSealed(text)) return text;
    const stands = placeholder(section, key, path);
    found(stands, text);
    return stands;
  }) as object;
}

/**
 * An entry of a document with its secrets in place: only a placeholder that stands where it says is one, so that nobody's text is
 * taken for it, and no secret goes to another setting.
 *
 * @param secret the text or reference of a placeholder; undefined leaves the member out
 */
export function withoutPlaceholders(
  section: string,
  key: string,
  body: object,
  secret: (placeholder: string) => string | undefined,
): object {
  return mapTexts(body, (text, path) =>
    text.startsWith('secret:') && text === placeholder(section, key, path) ? secret(text) : text,
  ) as object;
}
