import { defineErrors } from '../define.ts';

/** Expected failures of the area `restore`. */
export const restoreErrors = defineErrors({});
