import * as z from 'zod';
import { rotationPolicySchema } from '#shared/contract/logs-rotation-policy.ts';
import { streamRetentionSchema } from '#shared/contract/logs-rotation-runs.ts';
import { appError, err } from '#shared/errors/index.ts';
import { absentPaths, type SiteSection, siteSection, written } from '../../platform/site-section.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import type { SegmentCipher } from './cipher.ts';
import type { RotationJournal } from './journal.ts';
import { checkPolicy } from './policy.ts';
import { readStoreRetention, setStoreRetention, takeStreamRetention } from './store-retention.ts';

/** What the sections are made of. */
export type RotationSectionsDeps = {
  readonly db: WritableDb;
  readonly journal: RotationJournal;
  readonly cipher: SegmentCipher;
  /** Whether a login of a policy's host is known. */
  readonly hasLogin: (login: string) => boolean;
  readonly policiesChanged: () => void;
  readonly retentionChanged: () => void;
};

/** Rotation policies, and how long the log store keeps what. An import never makes a lock shorter, nor lifts a legal hold. */
export function rotationSections(deps: RotationSectionsDeps): readonly SiteSection[] {
  const { db, journal, cipher } = deps;
  return [
    siteSection({
      name: 'rotationPolicies',
      most: 5_000,
      schema: rotationPolicySchema,
      key: ({ name }) => name,
      read: () => {
        const [unreadable] = journal.unreadablePolicies();
        if (unreadable !== undefined) throw new Error(unreadable.error.message.en);
        return journal.policies();
      },
      check: async (policy) => {
        const checked = await checkPolicy(policy, cipher);
        return checked.ok ? null : checked.error;
      },
      put: (policy) => {
        const lock = journal.locks().get(policy.name) ?? 0;
        if (policy.keep.lockDays < lock)
          return err(appError('LOG_RETENTION_LOCKED', { days: lock }, { field: 'keep.lockDays' }));
        journal.putPolicies([policy]);
        return written;
      },
      verify: ({ host }) =>
        host === null || deps.hasLogin(host.login)
          ? null
          : appError('NOT_FOUND', { what: 'SSH login', id: host.login }, { field: 'host.login' }),
      warn: ({ host, dir }) => (host === null ? absentPaths([dir]) : []),
      runs: ({ hooks, reopen }) => [
        ...[hooks.first, hooks.before, hooks.after, hooks.last],
        reopen.kind === 'command' ? reopen.command : null,
      ],
      took: deps.policiesChanged,
    }),
    siteSection({
      name: 'logRetention',
      most: 1,
      schema: z.object({
        defaultDays: z.int().min(0).max(36_500),
        lockDays: z.int().min(0).max(36_500),
      }),
      key: () => 'default',
      read: () => {
        const { defaultDays, lockDays } = readStoreRetention(db);
        return [{ defaultDays, lockDays }];
      },
      put: (change) => setStoreRetention(db, change),
      took: deps.retentionChanged,
    }),
    siteSection({
      name: 'logStreams',
      most: 10_000,
      schema: streamRetentionSchema,
      key: ({ stream }) => stream,
      read: () => readStoreRetention(db).streams,
      put: (stream) => takeStreamRetention(db, stream),
      took: deps.retentionChanged,
    }),
  ];
}
