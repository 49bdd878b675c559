import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { app, Menu } from 'electron';
import { consoleHome } from '#shared/domain/data-dir.ts';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { boundedLogFile } from './engine/platform/log-file.ts';
import { jsonLogger } from './engine/platform/logger.ts';
import { declareAppScheme } from './shell/app-protocol.ts';
import { runDesktop } from './shell/desktop.ts';
import { refusalLog } from './shell/refusals.ts';
import { lockDown, silenceChromium } from './shell/security.ts';
import { planStart, type StartOptions } from './shell/start-options.ts';

/**
 * Electron's entry: what must happen before the app is ready, then the desktop. Nothing here waits: `ready` only
 * comes after this file has been evaluated, and the window only after that.
 */

const LOG_BYTES = 2 * 1024 * 1024;

declareAppScheme();
silenceChromium(app);
// Electron would build a menu of its own first, which nobody ever sees.
Menu.setApplicationMenu(null);

const planned = planStart({
  argv: process.argv.slice(1),
  env: process.env,
  workingDir: process.cwd(),
  home: consoleHome({ platform: process.platform, env: process.env, home: homedir() }),
  userDirSwitch: app.commandLine.getSwitchValue('user-data-dir'),
});
const prepared = planned.ok ? prepareFolders(planned.value) : planned;
if (!prepared.ok) refuseToStart(prepared.error);
else if (app.requestSingleInstanceLock()) start(prepared.value);
// Another console runs on this folder; it has just been told to show itself.
else app.exit(0);

/** Makes the folders that must be there before Electron itself writes into them. */
function prepareFolders(options: StartOptions): Result<StartOptions> {
  for (const dir of [options.userDir, options.dataDir]) {
    try {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
    } catch (thrown) {
      return err(appError('USER_FOLDER_UNUSABLE', { dir, why: describeThrown(thrown) }));
    }
  }
  app.setPath('userData', options.userDir);
  return ok(options);
}

function start(options: StartOptions): void {
  const log = jsonLogger(boundedLogFile(join(options.dataDir, 'console.log'), LOG_BYTES), Date.now, 'shell');
  const refuse = refusalLog(log, Date.now);
  process.on('uncaughtException', (thrown) => {
    log.log('error', 'uncaught exception', { why: describeThrown(thrown), stack: thrown.stack });
  });
  process.on('unhandledRejection', (thrown) => {
    log.log('error', 'unhandled rejection', { why: describeThrown(thrown) });
  });
  lockDown({ refuse, allowDevTools: !app.isPackaged });
  void app
    .whenReady()
    .then(() => runDesktop({ options, dist: join(import.meta.dirname, '..'), log, refuse }));
}

/** Says in words why nothing opens, on the terminal that the command was typed in. */
function refuseToStart(error: AppError): void {
  const { message, hint } = error;
  process.stderr.write(`error[${error.code}]: ${message.zh}\n${hint.zh}\n${message.en}\n${hint.en}\n`);
  app.exit(error.code === 'BAD_START_OPTION' ? 2 : 1);
}
