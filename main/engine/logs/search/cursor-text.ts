/** Writes the values of a cursor as a short text that a caller hands back as it is. */
export function writeCursorText(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Reads the values back, still to be checked one by one. @returns null when it is no cursor's text */
export function readCursorText(text: string): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : null;
  } catch {
    // Not JSON, so it is none of ours.
    return null;
  }
}
