import type { BucketBuffer } from '#shared/domain/buckets.ts';
import type { Labels } from '#shared/domain/labels.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import { SealedFile } from '../sealed-file.ts';
import { encodeBlock } from './block.ts';
import { ROLLUP_PAGE_SIZE, type RollupPart, type RollupSpan, rollupMigrations } from './schema.ts';

const KIND = { migrations: rollupMigrations, pageSize: ROLLUP_PAGE_SIZE };

/** Writes one roll-up file. */
export class RollupWriter {
  readonly #file: SealedFile;
  readonly #span: RollupSpan;
  readonly #addBlock;
  #samples = 0;

  /** Begins a file. */
  static create(temporary: string, span: RollupSpan): Result<RollupWriter> {
    const created = SealedFile.create(temporary, KIND);
    return created.ok ? ok(new RollupWriter(created.value, span)) : created;
  }

  private constructor(file: SealedFile, span: RollupSpan) {
    this.#file = file;
    this.#span = span;
    this.#addBlock = file.db.prepare<[number, Uint8Array]>('INSERT INTO block (id, data) VALUES (?, ?)');
  }

  /** Adds a series with its buckets, at least one; series come in the order of their labels. */
  add(labels: Labels, buckets: BucketBuffer): Result<void> {
    const added = this.#file.write(() => {
      this.#addBlock.run(this.#file.index.add(labels), encodeBlock(buckets, this.#span));
    });
    if (!added.ok) return added;
    const counts = buckets.column('count');
    for (let i = 0; i < buckets.length; i++) this.#samples += counts[i] ?? 0;
    return ok(undefined);
  }

  /** Writes the label index, syncs, and gives the file its name. */
  publish(path: string, sources: readonly RollupPart[]): Result<void> {
    const named = this.#file.write(() => {
      const addSource = this.#file.db.prepare<[string, number, number]>(
        'INSERT INTO source (name, start, end) VALUES (?, ?, ?)',
      );
      for (const { name, start, end } of sources) addSource.run(name, start, end);
    });
    if (!named.ok) return named;
    const { resolution, start, end, generation } = this.#span;
    const complete = this.#file.complete({ resolution, start, end, generation, samples: this.#samples });
    return complete.ok ? this.#file.publish(path) : complete;
  }

  /** Gives up and removes the temporary file. */
  abandon(): void {
    this.#file.abandon();
  }
}
