/** The months' English names, January first, as Go's layouts, Alertmanager's and Logstash's files and our own sentences have them. */
export const MONTH_NAMES = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
