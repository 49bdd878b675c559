import * as z from 'zod';
import { logSourceInputSchema } from '#shared/contract/logs.ts';
import { logPipelineSchema, maskingRuleSchema } from '#shared/contract/logs-pipelines.ts';
import { absentPaths, documentId, type SiteSection, siteSection, written } from '../platform/site-section.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import { compilePipeline } from './pipeline/compile.ts';
import { PipelineTable } from './pipeline/table.ts';
import { SavedSearches } from './search/saved.ts';
import { checkSource, DEFAULT_READING, SourceTable } from './source-table.ts';

const documentSource = logSourceInputSchema.extend({
  id: documentId,
  name: z.string().trim().min(1).max(4_096),
});

/** Log sources. Their identifiers come along: what was read goes by them. @param took hears that they were changed */
export function logSourcesSection(db: WritableDb, took: () => void): SiteSection {
  const table = new SourceTable(db);
  return siteSection({
    name: 'logSources',
    most: 10_000,
    schema: documentSource,
    key: ({ id }) => id,
    label: ({ name }) => name,
    read: () =>
      table
        .list()
        .map(({ reading, ...row }) => documentSource.parse({ ...row, ...(reading ?? DEFAULT_READING) }))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    check: ({ id: _, ...input }) => {
      const row = checkSource(input);
      return row.ok ? null : row.error;
    },
    put: ({ id, ...input }, { now }) => {
      const row = checkSource(input);
      return row.ok ? table.take({ ...row.value, id }, now) : row;
    },
    warn: ({ path, remote }) => (remote === null && !/[*?[{]/.test(path) ? absentPaths([path]) : []),
    took,
  });
}

/** Pipelines and masking rules. @param took hears which of them were changed */
export function pipelineSections(
  db: WritableDb,
  took: (what: 'pipelines' | 'masking') => void,
): readonly SiteSection[] {
  const table = new PipelineTable(db);
  return [
    siteSection({
      name: 'logPipelines',
      most: 1_000,
      schema: logPipelineSchema.extend({
        /** From 1: pipelines run in this order. */
        position: z.int().min(1).max(1_000_000),
      }),
      key: ({ name }) => name,
      read: () => table.pipelines().map(({ pipeline }, index) => ({ ...pipeline, position: index + 1 })),
      check: ({ position: _, ...pipeline }) => {
        const compiled = compilePipeline(pipeline);
        return compiled.ok ? null : compiled.error;
      },
      put: ({ position, ...pipeline }) => {
        const known = table.pipelines().find((one) => one.pipeline.name === pipeline.name);
        const put = table.put(known?.id, pipeline);
        if (put.ok) table.place(put.value.id, position);
        return put;
      },
      took: () => took('pipelines'),
    }),
    siteSection({
      name: 'maskingRules',
      most: 1_000,
      schema: maskingRuleSchema.extend({ id: documentId }),
      key: ({ id }) => id,
      label: ({ name }) => name,
      read: () => table.masking(),
      put: ({ id, ...rule }) => table.putMask(id, rule),
      took: () => took('masking'),
    }),
  ];
}

/** Searches that are kept under a name. @param took hears that they were changed */
export function savedSearchesSection(db: WritableDb, took: () => void): SiteSection {
  const saved = new SavedSearches(db);
  return siteSection({
    name: 'savedSearches',
    most: 500,
    schema: z.object({
      name: z.string().trim().min(1).max(100),
      query: z.string().max(4_000),
      note: z.string().max(2_000),
      counted: z.boolean(),
    }),
    key: ({ name }) => name,
    read: () => saved.list().map(({ name, query, note, counted }) => ({ name, query, note, counted })),
    put: (search, { now }) => {
      const known = saved.list().find(({ name }) => name === search.name);
      return saved.save({ ...search, id: known?.id }, now);
    },
    took,
  });
}

/** After how much silence of a log source people are told. @param took hears that it was changed */
export function logSilencesSection(db: WritableDb, took: () => void): SiteSection {
  return siteSection({
    name: 'logSilences',
    most: 20_000,
    schema: z.object({
      /** Id of a log source, or of a sender of a receiver. */
      source: z.string().min(1).max(200),
      /** Milliseconds; null: never. */
      afterMs: z.int().min(1_000).nullable(),
    }),
    key: ({ source }) => source,
    read: () =>
      db
        .prepare<[], { source: string; afterMs: number | null }>(
          'SELECT source_id AS source, after_ms AS afterMs FROM log_silence ORDER BY source_id',
        )
        .all(),
    put: ({ source, afterMs }) => {
      db.prepare(
        'INSERT INTO log_silence (source_id, after_ms) VALUES (?, ?) ON CONFLICT (source_id) DO UPDATE SET after_ms = excluded.after_ms',
      ).run(source, afterMs);
      return written;
    },
    took,
  });
}
