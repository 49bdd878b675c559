import type { SameKeys } from '../same-keys.ts';
import type { help as keys } from '../zh-CN/help.ts';

/** English help of each page; one paragraph a line. */
export const help: SameKeys<typeof keys> = {
  overview: '',
  hosts: '',
  metrics: '',
  alerts: '',
  logs: '',
  backups: '',
  recovery: '',
  settings: '',
};
