import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { appError, type Bilingual, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { OpenMetricsParser } from '../exposition/openmetrics.ts';
import { ENTRY, lineOf } from '../exposition/types.ts';

const NEWLINE = 0x0a;
const BLOCK_BYTES = 1024 * 1024;
/** A longer line is none that anybody writes; the limit bounds memory. */
const MOST_LINE_BYTES = 1024 * 1024;

/** What a reader of an OpenMetrics file is told, entry by entry. */
export type OpenMetricsVisitor = {
  /** A sample on which `parser` stands; `body` is what its positions refer to. A reason refuses the whole file. */
  readonly sample: (body: Uint8Array, parser: OpenMetricsParser) => Bilingual | null;
  readonly metadata: (name: string, part: 'type' | 'help' | 'unit', text: string) => void;
  /** Bytes of the file that were read so far; called about once a megabyte. */
  readonly progress: (bytes: number) => void;
};

const AFTER_EOF: Bilingual = { zh: '“# EOF” 之后还有内容', en: 'there is content after "# EOF"' };
const NO_EOF: Bilingual = {
  zh: '文件没有以“# EOF”结尾，可能不完整',
  en: 'the file does not end with "# EOF"; it may be incomplete',
};
const LINE_TOO_LONG: Bilingual = { zh: '这一行超过 1 MiB', en: 'the line is longer than 1 MiB' };

/**
 * Reads an OpenMetrics text file of any size, plain or gzipped, in bounded memory.
 *
 * @returns OPENMETRICS_INVALID with the line that is wrong, FILE_UNREADABLE, or CANCELLED
 */
export async function readOpenMetrics(
  path: string,
  visitor: OpenMetricsVisitor,
  signal: AbortSignal,
): Promise<Result<void>> {
  const reading = new Reading(path, visitor);
  try {
    const source = createReadStream(path, { highWaterMark: BLOCK_BYTES });
    const packed = await isGzip(path);
    let failed: unknown = null;
    const stream: Readable = packed ? source.pipe(createGunzip({ chunkSize: BLOCK_BYTES })) : source;
    // A pipe does not hand errors on, and without this one a file that ends in a read error would hang.
    if (packed)
      source.once('error', (thrown) => {
        failed = thrown;
        stream.destroy(thrown);
      });
    try {
      for await (const block of stream as AsyncIterable<Buffer>) {
        if (signal.aborted) return err(appError('CANCELLED'));
        const done = reading.take(block);
        if (!done.ok) return done;
        visitor.progress(source.bytesRead);
      }
    } finally {
      source.destroy();
      stream.destroy();
    }
    if (failed !== null) throw failed;
    return reading.end();
  } catch (thrown) {
    return err(appError('FILE_UNREADABLE', { file: path, why: describeThrown(thrown) }));
  }
}

async function isGzip(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

/** Cuts the stream at line ends, and counts lines for messages. */
class Reading {
  readonly #path: string;
  readonly #visitor: OpenMetricsVisitor;
  /** The beginning of a line whose end has not been read yet. */
  #rest = Buffer.alloc(0);
  #lines = 0;
  #ended = false;

  constructor(path: string, visitor: OpenMetricsVisitor) {
    this.#path = path;
    this.#visitor = visitor;
  }

  take(block: Buffer): Result<void> {
    const end = block.lastIndexOf(NEWLINE) + 1;
    if (end === 0) {
      this.#rest = Buffer.concat([this.#rest, block]);
      return this.#rest.length > MOST_LINE_BYTES
        ? this.#refuse(this.#lines + 1, LINE_TOO_LONG)
        : ok(undefined);
    }
    const body = Buffer.concat([this.#rest, block.subarray(0, end)]);
    this.#rest = Buffer.from(block.subarray(end));
    return this.#parse(body);
  }

  end(): Result<void> {
    if (this.#rest.length > 0) {
      const parsed = this.#parse(this.#rest);
      if (!parsed.ok) return parsed;
    }
    return this.#ended ? ok(undefined) : this.#refuse(this.#lines + 1, NO_EOF);
  }

  #parse(body: Buffer): Result<void> {
    if (this.#ended && body.length > 0) return this.#refuse(this.#lines + 1, AFTER_EOF);
    const parser = new OpenMetricsParser(body);
    while (parser.pos < body.length) {
      const at = parser.pos;
      const entry = parser.next();
      if (entry === ENTRY.series) {
        const refused = this.#visitor.sample(body, parser);
        if (refused !== null) return this.#refuse(this.#lines + lineOf(body, at), refused);
      } else if (entry === ENTRY.type) this.#visitor.metadata(parser.metaName, 'type', parser.metaText);
      else if (entry === ENTRY.help) this.#visitor.metadata(parser.metaName, 'help', parser.metaText);
      else if (entry === ENTRY.unit) this.#visitor.metadata(parser.metaName, 'unit', parser.metaText);
      else if (entry === ENTRY.end) this.#ended = true;
      else if (entry === ENTRY.error)
        return this.#refuse(this.#lines + lineOf(body, parser.pos), parser.error);
    }
    this.#lines += lineOf(body, body.length) - 1;
    return ok(undefined);
  }

  #refuse(line: number, why: Bilingual): Result<never> {
    return err(appError('OPENMETRICS_INVALID', { file: this.#path, line, why }));
  }
}
