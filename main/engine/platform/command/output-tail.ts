const KEPT_BYTES = 16 << 10;
const LINES = 20;
const LINE_LENGTH = 500;

/** Keeps the end of what a command writes, in bounded memory however much that is. */
export class OutputTail {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** @param limit bytes that are kept at least */
  constructor(limit: number = KEPT_BYTES) {
    this.#limit = limit;
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes <= 2 * this.#limit) return;
    const kept = Buffer.concat(this.#chunks).subarray(-this.#limit);
    // A copy, so that the large buffer can go.
    this.#chunks = [Buffer.from(kept)];
    this.#bytes = kept.length;
  }

  /** What is kept, as text. Bytes that are not UTF-8 become U+FFFD. */
  text(): string {
    return Buffer.concat(this.#chunks).subarray(-this.#limit).toString('utf8');
  }
}

/** The last lines of an output, for a report: at most 20 of 500 characters, without control characters. */
export function lastLines(output: string): string {
  return output
    .split(/\r\n|\r|\n/)
    .map((line) => plain(line).trimEnd())
    .filter((line) => line !== '')
    .slice(-LINES)
    .map((line) => (line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}…` : line))
    .join('\n');
}

/** The last line of an output, for a sentence; a dash when there is none. */
export function lastLine(output: string): string {
  return lastLines(output).split('\n').at(-1) || '–';
}

/** What a database's tool complains of: the first line that says so, or the last one. */
export function complaint(output: string): string {
  const lines = lastLines(output).split('\n');
  return lines.find((line) => /error|fatal|denied|failed/i.test(line)) ?? (lines.at(-1) || '–');
}

function plain(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out here.
  return line.replace(/\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
}
