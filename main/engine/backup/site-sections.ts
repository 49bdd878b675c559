import * as z from 'zod';
import { backupPlanInputSchema } from '#shared/contract/backup.ts';
import { poolNameSchema } from '#shared/contract/backup-media.ts';
import { timestamp } from '#shared/contract/define.ts';
import { compareText } from '#shared/domain/text-order.ts';
import { operatingUser } from '../platform/operating-user.ts';
import { absentPaths, nameTaken, type SiteSection, siteSection, written } from '../platform/site-section.ts';
import type { BackupContext } from './context.ts';
import { KeyStore } from './crypto/key-store.ts';
import { recipientsProblem } from './crypto/recipients.ts';
import { MediumStore } from './media/medium-store.ts';
import { PlanStore } from './plans/plan-store.ts';
import { checkPlanShape, takePlan } from './plans/plans.ts';

/**
 * Backup plans, cycles of pools, and who can open archives, as parts of the site document. Points, media and holds belong to the
 * catalogue, which `backup rebuild` reads from the media; identities stay with the people who hold them.
 */
export function backupSections({
  db,
  catalogue,
  clock,
  broadcast,
}: Pick<BackupContext, 'db' | 'catalogue' | 'clock' | 'broadcast'>): readonly SiteSection[] {
  const plans = new PlanStore(db);
  const media = new MediumStore(db);
  const keys = new KeyStore(db);
  const took = (): void => broadcast('backup.changed', { plan: '' });
  return [
    siteSection({
      name: 'backupPlans',
      most: 2_000,
      schema: backupPlanInputSchema,
      key: ({ name }) => name,
      read: () => catalogue.plans().map(({ spec }) => backupPlanInputSchema.parse(spec)),
      check: async (spec) => {
        const sound = checkPlanShape(spec, clock.now());
        return sound.ok ? recipientsProblem(spec.encryption?.recipients ?? []) : sound.error;
      },
      put: (spec, { now }) => takePlan(spec, { catalogue, store: plans, now, who: operatingUser() }),
      warn: ({ sources, targetDir, copyTo }) => [
        ...absentPaths([
          ...sources,
          targetDir,
          ...copyTo.map((target) => (target.kind === 'folder' ? target.dir : null)),
        ]),
      ],
      runs: ({ hooks, offline, databases }) => [
        ...[hooks?.before, hooks?.after, offline?.stop, offline?.start, offline?.check],
        // Whatever lies there under the names of the tools.
        ...databases.map((one) => ('toolsDir' in one && one.toolsDir !== null ? `${one.toolsDir}/…` : null)),
      ],
      reaches: ({ databases }) => ({
        sendsTo: [],
        loginFiles: databases.flatMap((one) =>
          one.kind === 'sqlite'
            ? []
            : [{ file: one.passwordFile, to: one.host ?? one.name, by: String(one.port) }],
        ),
      }),
      took,
    }),
    siteSection({
      name: 'backupPools',
      most: 1_000,
      schema: z.object({ name: poolNameSchema, cycleDays: z.int().min(1).max(366) }),
      key: ({ name }) => name,
      read: () => media.cycles(),
      put: ({ name, cycleDays }) => {
        media.setCycleDays(name, cycleDays);
        return written;
      },
      took,
    }),
    siteSection({
      name: 'backupKeys',
      most: 1_000,
      schema: z.object({
        recipient: z.string().regex(/^\S{1,2500}$/),
        name: z.string().max(80).nullable(),
        createdAt: timestamp.nullable(),
      }),
      key: ({ recipient }) => recipient,
      label: ({ name, recipient }) => name ?? recipient.slice(0, 20),
      read: () =>
        keys
          .all()
          .map(({ recipient, name, createdAt }) => ({ recipient, name, createdAt }))
          .toSorted((a, b) => compareText(a.recipient, b.recipient)),
      check: async ({ recipient }) => {
        const problem = await recipientsProblem([recipient]);
        return problem === null ? null : { ...problem, field: 'recipient' };
      },
      put: ({ recipient, name, createdAt }) => {
        const other = name === null ? null : keys.byName(name);
        if (other !== null && other.recipient !== recipient) return nameTaken(name ?? '');
        keys.put({ recipient, name, keyFile: null, createdAt });
        return written;
      },
      took,
    }),
  ];
}
