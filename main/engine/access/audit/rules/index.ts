import type { RequestName } from '#shared/contract/index.ts';
import type { AuditRules } from '../rule.ts';
import { alertRules } from './alerts.ts';
import { backupRules } from './backup.ts';
import { consoleRules } from './console.ts';
import { dataRules } from './data.ts';
import { hostRules } from './hosts.ts';
import { logRules } from './logs.ts';

/** Says of every request of the contract whether it is recorded, and with what. There is no request without a rule. */
export const AUDIT_RULES: AuditRules<RequestName> = {
  ...hostRules,
  ...alertRules,
  ...dataRules,
  ...logRules,
  ...backupRules,
  ...consoleRules,
};
