import type { Runbook } from '#shared/contract/recovery-register.ts';
import { disasterTemplates } from './disasters.ts';
import { serverTemplates } from './servers.ts';

/** Runbooks for typical incidents of a three-tier HMTT site, in both languages, in the order in which they are offered. */
export const runbookTemplates: readonly Runbook[] = [...serverTemplates, ...disasterTemplates];
