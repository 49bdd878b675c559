import * as z from 'zod';
import { labelsSchema } from '#shared/contract/hosts.ts';
import { type SiteSection, siteSection, written } from '../platform/site-section.ts';
import type { WritableDb } from '../storage/sqlite.ts';

type Row = {
  readonly file_name: string;
  readonly imported_ms: number;
  readonly evaluation_interval_ms: number;
  readonly external_labels: string;
  readonly rule_files: string;
};

const rulesOfImport = z.object({
  fileName: z.string().min(1).max(4_096),
  /** UTC milliseconds: of several files the newest decides. */
  importedAt: z.int().min(0),
  evaluationIntervalMs: z.int().min(1),
  externalLabels: labelsSchema,
  ruleFiles: z.array(z.string().max(4_096)).max(1_000),
});

/** What imported prometheus.yml files say of rules. @param took hears that they were changed */
export function prometheusImportsSection(db: WritableDb, took: () => Promise<void>): SiteSection {
  const list = (text: string): string[] => z.array(z.string()).parse(JSON.parse(text));
  return siteSection({
    name: 'prometheusImports',
    most: 1_000,
    schema: rulesOfImport,
    key: ({ fileName }) => fileName,
    read: () =>
      db
        .prepare<[], Row>('SELECT * FROM prometheus_import ORDER BY file_name')
        .all()
        .map((row) => ({
          fileName: row.file_name,
          importedAt: row.imported_ms,
          evaluationIntervalMs: row.evaluation_interval_ms,
          externalLabels: labelsSchema.parse(JSON.parse(row.external_labels)),
          ruleFiles: list(row.rule_files),
        })),
    put: (entry) => {
      db.prepare(
        `INSERT INTO prometheus_import (file_name, imported_ms, evaluation_interval_ms, external_labels, rule_files)
         VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (file_name) DO UPDATE SET imported_ms = excluded.imported_ms,
           evaluation_interval_ms = excluded.evaluation_interval_ms, external_labels = excluded.external_labels,
           rule_files = excluded.rule_files`,
      ).run(
        entry.fileName,
        entry.importedAt,
        entry.evaluationIntervalMs,
        JSON.stringify(entry.externalLabels),
        JSON.stringify(entry.ruleFiles),
      );
      return written;
    },
    took,
  });
}
