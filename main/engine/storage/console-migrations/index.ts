import type { Migration } from '../migrations.ts';
import { siteMigration } from './001-site.ts';
import { hostsMigration } from './002-hosts.ts';
import { logsMigration } from './003-logs.ts';
import { backupMigration } from './004-backup.ts';
import { restoreMigration } from './005-restore.ts';
import { alertsMigration } from './006-alerts.ts';
import { backupMediaMigration } from './007-backup-media.ts';
import { backupRetentionMigration } from './008-backup-retention.ts';
import { recoveryMigration } from './009-recovery.ts';
import { restoreSafetyMigration } from './010-restore-safety.ts';
import { backupStepsMigration } from './011-backup-steps.ts';
import { backupPlansMigration } from './012-backup-plans.ts';
import { backupKeysMigration } from './013-backup-keys.ts';
import { rulesMigration } from './014-rules.ts';
import { problemLabelsMigration } from './015-problem-labels.ts';
import { signalsMigration } from './016-signals.ts';
import { ruleAuthoringMigration } from './017-rule-authoring.ts';
import { dashboardsMigration } from './018-dashboards.ts';
import { channelsMigration } from './019-channels.ts';
import { inventoryMigration } from './020-inventory.ts';
import { notifyMigration } from './021-notify.ts';
import { sshMigration } from './022-ssh.ts';
import { logSourcesMigration } from './023-log-sources.ts';
import { logRotationMigration } from './024-log-rotation.ts';
import { secretsMigration } from './025-secrets.ts';
import { checksMigration } from './026-checks.ts';
import { logSearchesMigration } from './027-log-searches.ts';
import { logPipelinesMigration } from './028-log-pipelines.ts';
import { backupRemoteMigration } from './029-backup-remote.ts';
import { scrapeJobsMigration } from './030-scrape-jobs.ts';
import { auditMigration } from './031-audit.ts';

/** The schema of console.db, step by step. A published step never changes; new ones are added at the end. */
export const consoleMigrations: readonly Migration[] = [
  siteMigration,
  hostsMigration,
  logsMigration,
  backupMigration,
  restoreMigration,
  alertsMigration,
  backupMediaMigration,
  backupRetentionMigration,
  recoveryMigration,
  restoreSafetyMigration,
  backupStepsMigration,
  backupPlansMigration,
  backupKeysMigration,
  rulesMigration,
  problemLabelsMigration,
  signalsMigration,
  ruleAuthoringMigration,
  dashboardsMigration,
  channelsMigration,
  inventoryMigration,
  notifyMigration,
  sshMigration,
  logSourcesMigration,
  logRotationMigration,
  secretsMigration,
  checksMigration,
  logSearchesMigration,
  logPipelinesMigration,
  backupRemoteMigration,
  scrapeJobsMigration,
  auditMigration,
];
