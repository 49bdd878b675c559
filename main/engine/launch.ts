import { homedir } from 'node:os';
import { join } from 'node:path';
import { compiledFolder } from '#shared/domain/data-dir.ts';
import { runKept } from './platform/kept-code.ts';
import { systemTimers } from './platform/timers.ts';
import { leaveThreadsTheirRoom } from './platform/young-generation.ts';

// Before the script is compiled: kept code is good only for the flags of V8 with which it was made.
leaveThreadsTheirRoom();

/**
 * Where Electron starts the site engine. The engine (`process.ts`) is one large script beside this file: compiling it took a
 * quarter of the time until the first values were on the screen, so its compiled code is kept.
 */
runKept({
  script: join(import.meta.dirname, 'process.cjs'),
  folder: compiledFolder({ platform: process.platform, env: process.env, home: homedir() }),
  timers: systemTimers,
  warn: (words) => process.stderr.write(`${words}\n`),
});
