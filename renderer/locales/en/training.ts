import type { SameKeys } from '../same-keys.ts';
import type { training as keys } from '../zh-CN/training.ts';

/** English texts of the training site. */
export const training: SameKeys<typeof keys> = {
  title: 'Training site',
  words: 'simulate training lesson exercise',
  body: 'A three-tier HMTT site on this machine: 2 load balancers, 6 application servers, 2 databases. It has a window and a data folder of its own, and never touches the real site.',
  open: 'Open the training site',
  opened: 'The training site opens in a window of its own.',
  noDesktop: 'Run npm run simulate or hmtt simulate in a terminal.',
  here: 'This is the training site; nothing here is real.',
  lessons: 'Lessons and incidents',
  progress: '{{done}} of {{total}} steps done',
  done: 'done',
  toDo: 'to do',
  goTo: 'Go there',
  start: 'Start the incident',
  answer: 'Order',
  check: 'Check the answer',
  wrong: 'Not yet: look again which order is there most often.',
  incidents: 'Incidents',
  begin: 'Begin',
  end: 'End',
  on: 'happens',
  off: 'not now',
  machines: 'Machines',
  name: 'Name',
  url: 'Metrics at',
  log: 'Log',
};
