import type { SameKeys } from '../same-keys.ts';
import type { overview as keys } from '../zh-CN/overview.ts';

/** English texts. */
export const overview: SameKeys<typeof keys> = {
  title: '',
};
