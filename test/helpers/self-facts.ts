import { backupPlanInputSchema } from '#shared/contract/backup.ts';
import { emptySnapshot } from '../../main/engine/alerts/conditions.ts';
import type { SelfFacts } from '../../main/engine/self-series.ts';

const NOW = Date.UTC(2026, 10, 22, 3);

/** A site with one of each thing that the console tells of as series. */
export const oneOfEach: SelfFacts = {
  lookedAt: NOW,
  firing: [{ severity: 'critical' }],
  beat: { at: NOW, time: '', host: 'ops-1', pid: 1, version: '1.0.0', everyMs: 10_000, problems: 1 },
  site: {
    ...emptySnapshot(NOW),
    plans: [
      {
        ...backupPlanInputSchema.parse({
          name: 'core',
          sources: ['/srv'],
          targetDir: '/b',
          rpoMs: 3_600_000,
        }),
        id: 'p',
        createdAt: NOW,
        nextRunAt: null,
        nextRunType: null,
        points: 1,
        lastPointAt: NOW,
        lastVerifiedAt: NOW,
        lastError: null,
      },
    ],
    backups: [
      {
        plan: 'core',
        planId: 'p',
        points: 1,
        rpoMs: null,
        lastVerified: NOW,
        dueAt: null,
        pauseMs: null,
        verifyOverdue: null,
        massChange: null,
        refusal: null,
        pruneError: null,
        space: null,
      },
    ],
    logSources: [
      {
        id: 's',
        name: 'app',
        path: '/var/log/app.log',
        format: 'auto',
        detectedFormat: null,
        host: 'app-2',
        zone: '',
        more: [],
        exclude: [],
        encoding: 'auto',
        multiline: { kind: 'none' },
        origin: { kind: 'files' },
        state: 'ok',
        error: null,
        files: [],
        lines: 1,
        lastEventAt: NOW,
        lagBytes: 0,
      },
    ],
    logRhythms: [{ sourceId: 's', lastLineAt: NOW, spokeAt: NOW, silentAfterMs: 60_000, behindSince: null }],
    logErrors: [{ hour: NOW, errors: 1 }],
    ruleGroups: [
      {
        file: 'a.yml',
        name: 'g',
        intervalMs: 15_000,
        limit: 0,
        lastEvaluation: NOW,
        evaluationMs: 1,
        missed: 0,
        totals: { rounds: 1, evaluations: 1, failures: 0 },
        rules: [],
      },
    ],
    channels: [
      {
        channel: 'm',
        name: 'mail',
        type: 'smtp',
        enabled: true,
        state: 'ok',
        lastSuccessAt: NOW,
        lastErrorAt: null,
        lastError: null,
        failures: 0,
        failingSince: null,
        nextAttemptAt: null,
        queued: 0,
        oldestAt: null,
        delivered: 1,
        failed: 0,
        dropped: 0,
        lastLostAt: null,
        problem: null,
      },
    ],
  },
};
