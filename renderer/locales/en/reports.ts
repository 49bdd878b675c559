import type { SameKeys } from '../same-keys.ts';
import type { reports as zh } from '../zh-CN/reports.ts';

/** English texts of PDF reports. */
export const reports: SameKeys<typeof zh> = {
  title: 'PDF reports',
  none: 'No reports yet. The console saves dashboards as PDF at the times you set, without a network.',
  noWindow: 'There is no window to lay pages out at present: reports that are due are made when one opens.',
  add: 'New report',
  edit: 'Change',
  run: 'Make now',
  next: 'next {{time}}',
  never: 'not enabled',
  state: { running: 'being made', done: 'made', failed: 'failed', interrupted: 'interrupted' },
  dialog: 'PDF report',
  name: 'Name of the report',
  boards: 'Dashboards in it (one PDF each)',
  when: 'When',
  span: 'Time range',
  last: 'The last {{time}} before it is made',
  language: 'Language of the report',
  chinese: 'Chinese',
  english: 'English',
  keep: 'How many to keep',
  folder: 'Save to folder',
  folderHint: 'It must exist. Older reports beyond that number are deleted; other files are left alone.',
  choose: 'Choose…',
  enabled: 'Make it at these times',
};
