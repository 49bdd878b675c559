import { alerts } from './alerts.ts';
import { audit } from './audit.ts';
import { backups } from './backups.ts';
import { channels } from './channels.ts';
import { checks } from './checks.ts';
import { common } from './common.ts';
import { configuration } from './configuration.ts';
import { dashboards } from './dashboards.ts';
import { help } from './help.ts';
import { hosts } from './hosts.ts';
import { imports } from './imports.ts';
import { inventory } from './inventory.ts';
import { jobs } from './jobs.ts';
import { keys } from './keys.ts';
import { logs } from './logs.ts';
import { media } from './media.ts';
import { metrics } from './metrics.ts';
import { overview } from './overview.ts';
import { pipelines } from './pipelines.ts';
import { plans } from './plans.ts';
import { print } from './print.ts';
import { recovery } from './recovery.ts';
import { remote } from './remote.ts';
import { reports } from './reports.ts';
import { restore } from './restore.ts';
import { retention } from './retention.ts';
import { rotation } from './rotation.ts';
import { rules } from './rules.ts';
import { secrets } from './secrets.ts';
import { settings } from './settings.ts';
import { sources } from './sources.ts';
import { ssh } from './ssh.ts';
import { training } from './training.ts';

/** Every English text of the interface. */
export const en = {
  alerts,
  audit,
  backups,
  channels,
  checks,
  common,
  configuration,
  dashboards,
  help,
  hosts,
  imports,
  inventory,
  jobs,
  keys,
  logs,
  media,
  metrics,
  overview,
  pipelines,
  plans,
  print,
  recovery,
  remote,
  reports,
  restore,
  retention,
  rotation,
  rules,
  secrets,
  settings,
  sources,
  ssh,
  training,
};
