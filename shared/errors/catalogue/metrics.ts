import { defineErrors } from '../define.ts';

/** Expected failures of the area `metrics`. */
export const metricsErrors = defineErrors({});
