import type { SameKeys } from '../same-keys.ts';
import type { backups as keys } from '../zh-CN/backups.ts';

/** English texts. */
export const backups: SameKeys<typeof keys> = {
  title: '',
};
