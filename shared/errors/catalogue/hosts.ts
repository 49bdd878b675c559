import { defineErrors } from '../define.ts';

/** Expected failures of the area `hosts`. */
export const hostsErrors = defineErrors({});
