import type { SameKeys } from '../same-keys.ts';
import type { recovery as keys } from '../zh-CN/recovery.ts';

/** English texts. */
export const recovery: SameKeys<typeof keys> = {
  title: '',
};
