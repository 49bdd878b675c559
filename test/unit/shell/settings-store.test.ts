import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { jsonLogger } from '../../../main/engine/platform/logger.ts';
import { openSettings } from '../../../main/shell/settings-store.ts';
import { fakeTime } from '../../helpers/fake-time.ts';
import { silentLogger } from '../../helpers/silent-logger.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

test('changes gather and then stand on the disk; a new store reads them', () => {
  const path = join(temporaryFolder('settings'), 'user', 'shell.json');
  const time = fakeTime(0);
  const store = openSettings(path, silentLogger, time.timers);
  store.change({ language: 'en' });
  time.advance(400);
  store.change({ theme: 'dark' });
  time.advance(400);
  expect(existsSync(path)).toBe(false);
  time.advance(100);
  expect(openSettings(path, silentLogger, time.timers).get()).toMatchObject({
    language: 'en',
    theme: 'dark',
  });
});

test('flush writes at once, and only what is waiting', () => {
  const path = join(temporaryFolder('settings'), 'shell.json');
  const store = openSettings(path, silentLogger, fakeTime(0).timers);
  store.flush();
  expect(existsSync(path)).toBe(false);
  store.change({ closingExplained: true });
  store.flush();
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ version: 1, closingExplained: true });
});

test.each(['', '{"version":1', '[]', '{"version":2}', '{"version":1,"language":"fr"}'])(
  'a file that holds %j is put aside and the defaults hold',
  (text) => {
    const path = join(temporaryFolder('settings'), 'shell.json');
    writeFileSync(path, text);
    const lines: string[] = [];
    const log = jsonLogger(
      (line) => lines.push(line),
      () => 0,
    );
    expect(openSettings(path, log, fakeTime(0).timers).get()).toMatchObject({ language: null, window: null });
    expect(readFileSync(`${path}.broken`, 'utf8')).toBe(text);
    expect(lines.join('')).toContain('put aside');
  },
);

test('settings that cannot be written are reported and change nothing else', () => {
  const folder = temporaryFolder('settings');
  // A file where the folder should be: nobody can write there, not even root.
  writeFileSync(join(folder, 'user'), '');
  const lines: string[] = [];
  const log = jsonLogger(
    (line) => lines.push(line),
    () => 0,
  );
  const store = openSettings(join(folder, 'user', 'shell.json'), log, fakeTime(0).timers);
  store.change({ language: 'en' });
  store.flush();
  expect(store.get().language).toBe('en');
  expect(lines.join('')).toContain('could not be kept');
});
