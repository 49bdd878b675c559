import type { SameKeys } from '../same-keys.ts';
import type { print as zh } from '../zh-CN/print.ts';

/** English texts of printed documents. */
export const print: SameKeys<typeof zh> = {
  save: 'Save as PDF',
  busy: 'Making the PDF…',
  saved: 'Saved to {{path}}',
  back: 'Back',
  runbook: 'Runbook: {{title}}',
};
