import * as z from 'zod';
import { bilingual, request } from './define.ts';

/** The largest site document, in UTF-16 units of its text. */
export const MOST_DOCUMENT_TEXT = 32 << 20;
/** Changes and faults that an answer names; the counts are of all. */
export const MOST_NAMED = 2_000;

/** Sections of the document; `hosts` stands for hosts, components, links and scrape jobs, which are imported as one. */
export const DOCUMENT_SECTIONS = [
  'hosts',
  'site',
  'secrets',
  'sshLogins',
  'sshHostKeys',
  'prometheusImports',
  'ruleFiles',
  'rulePolicies',
  'starterRules',
  'channels',
  'contacts',
  'rotas',
  'notification',
  'maintenances',
  'checks',
  'logSources',
  'logReceivers',
  'logSilences',
  'logPipelines',
  'maskingRules',
  'logOutputs',
  'logSearchServer',
  'savedSearches',
  'rotationPolicies',
  'logRetention',
  'logStreams',
  'backupPlans',
  'backupPools',
  'backupKeys',
  'risks',
  'environment',
  'objectives',
  'runbooks',
  'drillPlans',
  'dashboards',
  'reports',
  'metricsRetention',
  'metricsLimits',
  'remoteWrites',
  'remoteLimits',
  'metricsSource',
  'httpApi',
  'watchdog',
] as const;

const passphrase = z.string().min(1).max(1_000);

/** One entry that an import adds or changes. */
const documentRowSchema = z.object({
  name: z.string(),
  action: z.enum(['add', 'change']),
  /** Members that are other than before; `secrets` for texts that cannot be seen. Empty for a new entry. */
  fields: z.array(z.string()),
});

/** What an import does to one section. */
const documentSectionSchema = z.object({
  /** Its name in the document; `hosts` stands for hosts, targets, components, links and scrape jobs. */
  section: z.string(),
  added: z.int(),
  changed: z.int(),
  same: z.int(),
  /** Entries of this console that the document does not name; they stay as they are. */
  left: z.int(),
  rows: z.array(documentRowSchema),
});
export type DocumentSection = z.infer<typeof documentSectionSchema>;

/** Something about a place in a document: `checks.3.what.port`. */
const documentNoteSchema = z.object({ path: z.string(), message: bilingual });
export type DocumentNote = z.infer<typeof documentNoteSchema>;

/** What an import did, or would do. */
const documentImportSchema = z.object({
  version: z.int(),
  /** Version of the console that wrote it, and when; null where it does not say. */
  console: z.string().nullable(),
  exportedAt: z.string().nullable(),
  sections: z.array(documentSectionSchema),
  /** What is wrong; with anything here nothing is imported. */
  faults: z.array(documentNoteSchema),
  faultCount: z.int(),
  /** What the operator should know, the most urgent first: commands that will run, then paths that are not on this machine. */
  warnings: z.array(documentNoteSchema),
  warningCount: z.int(),
  /** Sections that are kept, but could not be put to work at once; `warnings` begins with them. */
  notInForce: z.array(z.string()),
  /** Secrets that came along sealed. */
  secretsTaken: z.int(),
  /** Secrets that have to be entered again, as `section/name: field`. */
  secretsToEnter: z.array(z.string()),
  /** Whether anything was written. */
  applied: z.boolean(),
});
export type DocumentImport = z.infer<typeof documentImportSchema>;

export const siteDocumentRequests = {
  /**
   * The whole configuration as one document. Secrets go along sealed in the age format, by recipients or by a passphrase; without
   * either they are left out and named. SECRETS_LOCKED, SITE_KEYS_TWO, BACKUP_RECIPIENT_INVALID, SITE_SECTION_UNREADABLE
   */
  'configuration.export': request(
    z.object({
      encryptTo: z.array(z.string().trim().min(1).max(5_000)).max(20).default([]),
      passphrase: passphrase.optional(),
    }),
    z.object({
      text: z.string(),
      sections: z.array(z.object({ section: z.string(), entries: z.int() })),
      secretsSealed: z.int(),
      secretsLeftOut: z.array(z.string()),
    }),
  ),
  /**
   * Takes a document, whole or not at all; what it does not name stays. SITE_DOCUMENT_INVALID for a text that is no document,
   * SITE_SECRETS_SEALED without a key, SITE_SECRETS_WRONG_KEY, SECRETS_LOCKED
   */
  'configuration.import': request(
    z.object({
      fileName: z.string().max(1_000),
      text: z.string().max(MOST_DOCUMENT_TEXT),
      /** Opens the sealed secrets: what `age-keygen` writes, or such a file sealed by the passphrase. */
      identity: z.string().max(100_000).optional(),
      passphrase: passphrase.optional(),
      /** Imports although the sealed secrets cannot be opened. */
      withoutSecrets: z.boolean().default(false),
      dryRun: z.boolean().default(true),
    }),
    documentImportSchema,
  ),
};
