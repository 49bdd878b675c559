/**
 * Splits a command line as a POSIX shell does, or says why only a shell could run it. Nothing is run through a shell here: what a
 * file says in pipes, redirections and substitutions is named to whoever imports it.
 */
export function splitCommand(
  line: string,
): { readonly words: readonly string[] } | { readonly needsShell: string } {
  const words: string[] = [];
  let word = '';
  let inWord = false;
  let quote: '"' | "'" | null = null;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? '';
    if (quote === "'") {
      if (char === "'") quote = null;
      else word += char;
    } else if (char === '\\') {
      const next = line[at + 1] ?? '';
      // Within double quotes a backslash escapes only these.
      if (quote === '"' && !'"\\$`'.includes(next)) word += char;
      else {
        word += next;
        at += 1;
      }
      inWord = true;
    } else if (char === '`' || (char === '$' && /[({A-Za-z_]/.test(line[at + 1] ?? ''))) {
      return { needsShell: line.slice(at, at + 20) };
    } else if (quote === '"') {
      if (char === '"') quote = null;
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      inWord = true;
    } else if (/\s/.test(char)) {
      if (inWord) words.push(word);
      word = '';
      inWord = false;
    } else if ('|&;<>()*?'.includes(char) || (char === '~' && !inWord)) {
      return { needsShell: line.slice(at, at + 20) };
    } else {
      word += char;
      inWord = true;
    }
  }
  if (quote !== null) return { needsShell: quote };
  if (inWord) words.push(word);
  return { words };
}
