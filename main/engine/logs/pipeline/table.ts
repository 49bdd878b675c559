import { randomUUID } from 'node:crypto';
import {
  type LogPipeline,
  logPipelineSchema,
  type MaskingRule,
  maskingRuleSchema,
} from '#shared/contract/logs-pipelines.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { sqliteError, type WritableDb } from '../../storage/sqlite.ts';
import { compilePipeline } from './compile.ts';
import { BUILT_IN_MASKS, compileMask } from './mask.ts';
import type { StageConfig, StagePipeline } from './stage.ts';

/** A pipeline as it stands in console.db; `error`: written by another version, and not usable by this one. */
export type StoredPipeline = { readonly id: string; readonly pipeline: LogPipeline };

/** Pipelines and masking rules in console.db. What does not compile is never written. */
export class PipelineTable {
  readonly #db: WritableDb;

  constructor(db: WritableDb) {
    this.#db = db;
  }

  /** In the order in which they run. */
  pipelines(): readonly StoredPipeline[] {
    const rows = this.#db.prepare('SELECT id, body FROM log_pipeline ORDER BY position, id').all() as {
      id: string;
      body: string;
    }[];
    return rows.map(({ id, body }) => ({ id, pipeline: logPipelineSchema.parse(JSON.parse(body)) }));
  }

  /** Adds (no identifier) or replaces a pipeline. */
  put(id: string | undefined, pipeline: LogPipeline): Result<{ id: string }> {
    const compiled = compilePipeline(pipeline);
    if (!compiled.ok) return compiled;
    const others = this.pipelines().filter((other) => other.id !== id);
    if (others.some((other) => other.pipeline.name === pipeline.name))
      return err(appError('LOG_PIPELINE_NAME_TAKEN', { name: pipeline.name }, { field: 'name' }));
    return this.#attempt(() => {
      const body = JSON.stringify(pipeline);
      if (id !== undefined) {
        const { changes } = this.#db.prepare('UPDATE log_pipeline SET body = ? WHERE id = ?').run(body, id);
        return changes === 0 ? err(appError('NOT_FOUND', { what: 'log pipeline', id })) : ok({ id });
      }
      const made = randomUUID();
      this.#db
        .prepare(
          'INSERT INTO log_pipeline (id, position, body) VALUES (?, (SELECT coalesce(max(position), 0) + 1 FROM log_pipeline), ?)',
        )
        .run(made, body);
      return ok({ id: made });
    });
  }

  /** Gives a pipeline its place in the order. */
  place(id: string, position: number): void {
    this.#db.prepare('UPDATE log_pipeline SET position = ? WHERE id = ?').run(position, id);
  }

  remove(id: string): Result<Record<string, never>> {
    return this.#attempt(() => {
      const { changes } = this.#db.prepare('DELETE FROM log_pipeline WHERE id = ?').run(id);
      return changes === 0 ? err(appError('NOT_FOUND', { what: 'log pipeline', id })) : ok({});
    });
  }

  order(ids: readonly string[]): Result<Record<string, never>> {
    const known = this.pipelines().map(({ id }) => id);
    if (
      ids.length !== known.length ||
      new Set(ids).size !== ids.length ||
      ids.some((id) => !known.includes(id))
    )
      return err(appError('LOG_PIPELINE_ORDER', {}, { field: 'ids' }));
    return this.#attempt(() => {
      const update = this.#db.prepare('UPDATE log_pipeline SET position = ? WHERE id = ?');
      this.#db.transaction(() => {
        for (const [index, id] of ids.entries()) update.run(index + 1, id);
      })();
      return ok({});
    });
  }

  /** The built-in rules first, as they were set. */
  masking(): readonly MaskingRule[] {
    const rows = this.#db.prepare('SELECT id, body FROM log_masking ORDER BY rowid').all() as {
      id: string;
      body: string;
    }[];
    const stored = new Map(rows.map(({ id, body }) => [id, maskingRuleSchema.parse(JSON.parse(body))]));
    const builtIn = BUILT_IN_MASKS.map((rule) => stored.get(rule.id) ?? rule);
    return [...builtIn, ...[...stored.values()].filter(({ kind }) => kind === 'pattern')];
  }

  putMask(id: string | undefined, rule: Omit<MaskingRule, 'id'>): Result<{ id: string }> {
    const builtIn = BUILT_IN_MASKS.find((one) => one.id === id);
    if (
      (rule.kind === 'pattern') !== (builtIn === undefined) ||
      (builtIn !== undefined && builtIn.kind !== rule.kind)
    )
      return err(appError('LOG_MASK_BUILT_IN', { name: rule.name }, { field: 'kind' }));
    const kept: MaskingRule = { ...rule, id: id ?? randomUUID() };
    const compiled = compileMask([{ ...kept, atIngest: true }], 'ingest');
    if (!compiled.ok) return compiled;
    return this.#attempt(() => {
      this.#db
        .prepare(
          'INSERT INTO log_masking (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
        )
        .run(kept.id, JSON.stringify(kept));
      return ok({ id: kept.id });
    });
  }

  removeMask(id: string): Result<Record<string, never>> {
    const builtIn = BUILT_IN_MASKS.find((one) => one.id === id);
    if (builtIn !== undefined)
      return err(appError('LOG_MASK_BUILT_IN', { name: builtIn.name }, { field: 'id' }));
    return this.#attempt(() => {
      const { changes } = this.#db.prepare('DELETE FROM log_masking WHERE id = ?').run(id);
      return changes === 0 ? err(appError('NOT_FOUND', { what: 'masking rule', id })) : ok({});
    });
  }

  /** Everything that the log thread needs to know. */
  stage(): StageConfig {
    return {
      pipelines: this.pipelines().map(({ id, pipeline }): StagePipeline => ({ ...pipeline, id })),
      masking: this.masking(),
    };
  }

  #attempt<T>(work: () => Result<T>): Result<T> {
    try {
      return work();
    } catch (thrown) {
      return err(sqliteError(this.#db.name, thrown));
    }
  }
}
