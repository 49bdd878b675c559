import type { SameKeys } from '../same-keys.ts';
import type { hosts as keys } from '../zh-CN/hosts.ts';

/** English texts. */
export const hosts: SameKeys<typeof keys> = {
  title: '',
};
