import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { app } from 'electron';
import { ok, type Result } from '#shared/errors/index.ts';
import { prepareTrainingFolder } from '../engine/training/state-file.ts';

/**
 * Starts a second console on the training site's own data folder; one that runs already shows itself.
 *
 * @param home folder of this user's settings
 * @returns TRAINING_FOLDER_REAL
 */
export function openTraining(home: string, language: string): Result<Record<string, never>> {
  const dir = join(home, 'training');
  const prepared = prepareTrainingFolder(dir);
  if (!prepared.ok) return prepared;
  const own = app.isPackaged ? [] : [app.getAppPath()];
  // As root Chromium runs without a sandbox only; then this console was started so as well.
  const sandbox = process.argv.includes('--no-sandbox') ? ['--no-sandbox'] : [];
  const child = spawn(process.execPath, [...sandbox, ...own, '--data', dir, '--lang', language], {
    detached: true,
    stdio: 'ignore',
  });
  child.unref();
  return ok({});
}
