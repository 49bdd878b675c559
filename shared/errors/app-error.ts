import * as z from 'zod';
import { apiErrors } from './catalogue/api.ts';
import { auditErrors } from './catalogue/audit.ts';
import { backupErrors } from './catalogue/backup.ts';
import { backupEncryptionErrors } from './catalogue/backup-encryption.ts';
import { backupMediaErrors } from './catalogue/backup-media.ts';
import { backupRetentionErrors } from './catalogue/backup-retention.ts';
import { backupSourcesErrors } from './catalogue/backup-sources.ts';
import { channelsErrors } from './catalogue/channels.ts';
import { checkErrors } from './catalogue/checks.ts';
import { collectErrors } from './catalogue/collect.ts';
import { commandLineErrors } from './catalogue/command-line.ts';
import { contractErrors } from './catalogue/contract.ts';
import { dashboardErrors } from './catalogue/dashboards.ts';
import { hostsErrors } from './catalogue/hosts.ts';
import { inventoryErrors } from './catalogue/inventory.ts';
import { logSourcesErrors } from './catalogue/log-sources.ts';
import { logsErrors } from './catalogue/logs.ts';
import { logsPipelinesErrors } from './catalogue/logs-pipelines.ts';
import { logsRotationErrors } from './catalogue/logs-rotation.ts';
import { metricsErrors } from './catalogue/metrics.ts';
import { notifyErrors } from './catalogue/notify.ts';
import { recoveryErrors } from './catalogue/recovery.ts';
import { remoteErrors } from './catalogue/remote.ts';
import { restoreErrors } from './catalogue/restore.ts';
import { ruleErrors } from './catalogue/rules.ts';
import { secretsErrors } from './catalogue/secrets.ts';
import { shellErrors } from './catalogue/shell.ts';
import { signalsErrors } from './catalogue/signals.ts';
import { siteDocumentErrors } from './catalogue/site-document.ts';
import { sshErrors } from './catalogue/ssh.ts';
import { storageErrors } from './catalogue/storage.ts';
import { trainingErrors } from './catalogue/training.ts';
import type { ErrorSpec } from './define.ts';
import { fillText, type TextParams } from './text.ts';

/** Every error code of the console with its sentence and hint in both languages. */
export const errorCatalogue = {
  ...contractErrors,
  ...commandLineErrors,
  ...storageErrors,
  ...signalsErrors,
  ...hostsErrors,
  ...inventoryErrors,
  ...siteDocumentErrors,
  ...collectErrors,
  ...checkErrors,
  ...metricsErrors,
  ...remoteErrors,
  ...ruleErrors,
  ...notifyErrors,
  ...logSourcesErrors,
  ...logsErrors,
  ...logsPipelinesErrors,
  ...logsRotationErrors,
  ...backupErrors,
  ...backupSourcesErrors,
  ...backupMediaErrors,
  ...backupEncryptionErrors,
  ...backupRetentionErrors,
  ...restoreErrors,
  ...recoveryErrors,
  ...shellErrors,
  ...sshErrors,
  ...secretsErrors,
  ...trainingErrors,
  ...channelsErrors,
  ...apiErrors,
  ...auditErrors,
  ...dashboardErrors,
} satisfies Record<string, ErrorSpec>;

/** A stable error code, for scripts and for looking up in the help. */
export type ErrorCode = keyof typeof errorCatalogue;

const bilingual = z.object({ zh: z.string(), en: z.string() });

/** The wire form of an expected failure; it crosses processes as a plain value. */
export const appErrorSchema = z.object({
  code: z.string(),
  message: bilingual,
  hint: bilingual,
  /** Dotted path of the offending field, when input was refused. */
  field: z.string().optional(),
  /** 1-based line of the offending input, when a file was refused. */
  line: z.int().optional(),
  /** 1-based column of the offending input, in UTF-16 units from its beginning, when an expression was refused. */
  column: z.int().optional(),
  /** Untranslated detail of the operating system or a library, for the log. */
  detail: z.string().optional(),
});

/** An expected failure: code, sentence and hint in both languages. */
export type AppError = z.infer<typeof appErrorSchema>;

/** Where in the input the failure is, and what the system said about it. */
export type ErrorPlace = {
  readonly field?: string;
  readonly line?: number;
  readonly column?: number;
  readonly detail?: string;
};

/** Makes an error of the catalogue, with its placeholders filled. */
export function appError(code: ErrorCode, params: TextParams = {}, place: ErrorPlace = {}): AppError {
  const spec: ErrorSpec = errorCatalogue[code];
  const values = spec.words === undefined ? params : inBothLanguages(params, spec.words);
  return { code, message: fillText(spec.message, values), hint: fillText(spec.hint, values), ...place };
}

/** Values with the Chinese that the catalogue has for them; one that it does not know stays as it is. */
function inBothLanguages(params: TextParams, words: NonNullable<ErrorSpec['words']>): TextParams {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const zh = typeof value === 'string' ? words[name]?.[value] : undefined;
      return [name, typeof value === 'string' && zh !== undefined ? { zh, en: value } : value];
    }),
  );
}

/** A short text of an unknown thrown value, for the `detail` of an error. Never a stack. */
export function describeThrown(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
