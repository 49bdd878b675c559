import type { SameKeys } from '../same-keys.ts';
import type { logs as keys } from '../zh-CN/logs.ts';

/** English texts. */
export const logs: SameKeys<typeof keys> = {
  title: '',
};
