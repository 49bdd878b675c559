import type { SameKeys } from '../same-keys.ts';
import type { metrics as keys } from '../zh-CN/metrics.ts';

/** English texts. */
export const metrics: SameKeys<typeof keys> = {
  title: '',
};
