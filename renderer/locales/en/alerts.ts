import type { SameKeys } from '../same-keys.ts';
import type { alerts as keys } from '../zh-CN/alerts.ts';

/** English texts. */
export const alerts: SameKeys<typeof keys> = {
  title: '',
};
