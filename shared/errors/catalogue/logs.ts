import { defineErrors } from '../define.ts';

/** Expected failures of the area `logs`. */
export const logsErrors = defineErrors({});
