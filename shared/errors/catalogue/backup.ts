import { defineErrors } from '../define.ts';

/** Expected failures of the area `backup`. */
export const backupErrors = defineErrors({});
