import { expect, it } from 'vitest';
import { backupPlanInputSchema } from '#shared/contract/backup.ts';
import { retentionPolicySchema } from '#shared/contract/backup-retention.ts';
import { occurrences } from '../../../../main/engine/backup/retention/occurrences.ts';
import { simulateRetention } from '../../../../main/engine/backup/retention/simulate.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 22, 12);
const { schedules } = backupPlanInputSchema.parse({
  name: 'core',
  sources: ['/srv'],
  targetDir: '/t',
  schedules: [
    { cron: '0 3 * * 0', type: 'full' },
    { cron: '0 3 * * 1-6', type: 'differential' },
  ],
});

const simulate = (policy: object | null, weeks: number) =>
  simulateRetention({
    points: [
      {
        id: 'f',
        seq: 1,
        parentId: null,
        type: 'full',
        takenAt: NOW - DAY,
        state: 'complete',
        verified: true,
        isPartial: false,
        bytes: 1000,
      },
    ],
    policy: policy === null ? null : retentionPolicySchema.parse({ timeZone: 'UTC', ...policy }),
    timeZone: 'UTC',
    runs: occurrences({ schedules }, NOW, NOW + weeks * 7 * DAY),
    now: NOW,
    weeks,
  });

it('plays a policy forward: everything kept grows without end, a policy levels off', () => {
  const all = simulate(null, 8);
  expect(all.steps).toHaveLength(9);
  expect(all.keptTotal).toBe(1 + 8 * 7);
  expect(all.steps.at(-1)?.removed).toBe(0);

  const some = simulate({ keepDaily: 7, keepWeekly: 4 }, 26);
  const later = some.steps.slice(8);
  expect(Math.max(...later.map(({ points }) => points))).toBeLessThanOrEqual(7 + 4 * 2 + 2);
  expect(some.peakBytes).toBeGreaterThanOrEqual(Math.max(...later.map(({ bytes }) => bytes)));
  expect(some.assumes.zh).toContain('每周约 7 次');
  // What is kept can be restored: every differential has its full.
  expect(some.kept[0]?.reasons.length).toBeGreaterThan(0);
  expect(some.kept.filter(({ type }) => type === 'full').length).toBeGreaterThanOrEqual(4);
});
