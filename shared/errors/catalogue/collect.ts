import { defineErrors } from '../define.ts';

/** Expected failures of the area `collect`. */
export const collectErrors = defineErrors({});
