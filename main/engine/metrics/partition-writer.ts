import type { Labels } from '#shared/domain/labels.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import type { TimedChunk } from './chunk/cut.ts';
import { chunkCount } from './chunk/decode.ts';
import { CHUNK_STRIDE, PARTITION_PAGE_SIZE, partitionMigrations } from './partition-schema.ts';
import { SealedFile } from './sealed-file.ts';

export type { TimedChunk } from './chunk/cut.ts';

/** What a partition is for. */
export type PartitionSpan = {
  /** The time that it covers, [start, end), and the epoch of the head that it was sealed from. */
  readonly start: number;
  readonly end: number;
  readonly epoch: number;
  /** Name of the retention class of its series; '' is the ordinary one. */
  readonly retentionClass?: string;
  /** Names of the files that it takes the place of. */
  readonly sources?: readonly string[];
};

const KIND = { migrations: partitionMigrations, pageSize: PARTITION_PAGE_SIZE };

/** Writes one partition file. */
export class PartitionWriter {
  readonly #file: SealedFile;
  readonly #span: PartitionSpan;
  readonly #addChunk;
  #chunks = 0;
  #samples = 0;

  /** Begins a partition. */
  static create(temporary: string, span: PartitionSpan): Result<PartitionWriter> {
    const created = SealedFile.create(temporary, KIND);
    return created.ok ? ok(new PartitionWriter(created.value, span)) : created;
  }

  private constructor(file: SealedFile, span: PartitionSpan) {
    this.#file = file;
    this.#span = span;
    this.#addChunk = file.db.prepare<[number, number, Uint8Array]>(
      'INSERT INTO chunk (id, span, data) VALUES (?, ?, ?)',
    );
  }

  /** Adds a series with its chunks in order of time; all of them begin inside the partition. */
  add(labels: Labels, chunks: readonly TimedChunk[]): Result<void> {
    return this.#file.write(() => {
      const id = this.#file.index.add(labels);
      for (const { start, end, data } of chunks) {
        this.#addChunk.run(id * CHUNK_STRIDE + (start - this.#span.start), end - start, data);
        this.#samples += chunkCount(data);
      }
      this.#chunks += chunks.length;
    });
  }

  /** Samples that were added. */
  get samples(): number {
    return this.#samples;
  }

  /** Writes the label index, syncs, and gives the file its name. */
  publish(path: string): Result<void> {
    const complete = this.complete();
    return complete.ok ? this.#file.publish(path) : complete;
  }

  /** Writes the label index and closes the file, which is whole then, but not on the disk and without its name. */
  complete(): Result<void> {
    const { start, end, epoch, retentionClass = '', sources = [] } = this.#span;
    const attributes = this.#file.write(() => {
      const add = this.#file.db.prepare<[string, string]>('INSERT INTO attribute (key, value) VALUES (?, ?)');
      if (retentionClass !== '') add.run('class', retentionClass);
      for (const source of sources) add.run('source', source);
    });
    if (!attributes.ok) return attributes;
    return this.#file.complete({ start, end, epoch, chunks: this.#chunks, samples: this.#samples });
  }

  /** Gives up and removes the temporary file. */
  abandon(): void {
    this.#file.abandon();
  }
}
