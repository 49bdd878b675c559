/** A time as Go writes it in JSON (RFC 3339): UTC, no trailing zeros behind the seconds. */
export function goTime(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace(/\.(\d*?)0*Z$/, (_, part: string) => (part === '' ? 'Z' : `.${part}Z`));
}
