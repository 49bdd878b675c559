import type { SameKeys } from '../same-keys.ts';
import type { settings as keys } from '../zh-CN/settings.ts';

/** English texts. */
export const settings: SameKeys<typeof keys> = {
  title: '',
};
