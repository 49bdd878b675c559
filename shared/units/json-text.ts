/** A character that JSON needs escaped, or that Go's encoder escapes besides so that JSON may stand inside HTML. */
const SPECIAL = /["\\<>&\p{Cc}\u2028\u2029]/u;
const UNLIKE_GO = /\\\\|\\b|\\f|[<>&\u2028\u2029]/g;

function asGo(found: string): string {
  switch (found) {
    case '\\\\':
      return found;
    case '\\b':
      return '\\u0008';
    case '\\f':
      return '\\u000c';
    default:
      return `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`;
  }
}

/** A text as a JSON string, byte for byte as Go's encoding/json writes it. */
export function jsonString(text: string): string {
  if (!SPECIAL.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(UNLIKE_GO, asGo);
}

/** A list of texts as a JSON array. */
export function jsonStrings(texts: readonly string[]): string {
  return `[${texts.map(jsonString).join(',')}]`;
}

/** A flat list `name, value, name, value, …` as a JSON object, in its order. */
export function jsonPairs(flat: readonly string[]): string {
  let text = '{';
  for (let i = 0; i < flat.length; i += 2)
    text += `${i === 0 ? '' : ','}${jsonString(flat[i] ?? '')}:${jsonString(flat[i + 1] ?? '')}`;
  return `${text}}`;
}

/** What stands behind the seconds for so many milliseconds: '', '.001', '.002', …, '.010', … */
const PARTS: readonly string[] = Array.from({ length: 1000 }, (_, ms) =>
  ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`,
);

/** UTC milliseconds as seconds, as Prometheus writes the time of a sample: three decimals, or none for whole seconds. */
export function jsonSampleTime(ms: number): string {
  const size = Math.abs(ms);
  const whole = Math.floor(size / 1000);
  const text = String(whole) + PARTS[size - whole * 1000];
  return ms < 0 ? `-${text}` : text;
}
