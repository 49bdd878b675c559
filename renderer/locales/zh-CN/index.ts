import { alerts } from './alerts.ts';
import { backups } from './backups.ts';
import { common } from './common.ts';
import { help } from './help.ts';
import { hosts } from './hosts.ts';
import { logs } from './logs.ts';
import { metrics } from './metrics.ts';
import { overview } from './overview.ts';
import { print } from './print.ts';
import { recovery } from './recovery.ts';
import { remote } from './remote.ts';
import { settings } from './settings.ts';

/** Every Chinese text of the interface; its keys are the type of all languages. */
export const zhCN = {
  alerts,
  backups,
  common,
  help,
  hosts,
  logs,
  metrics,
  overview,
  print,
  recovery,
  remote,
  settings,
};
