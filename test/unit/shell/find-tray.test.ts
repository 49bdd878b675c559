import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findTray } from '../../../main/shell/find-tray.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

/** A `dbus-send` of our own on the PATH; what a desktop's bus would say. */
function busThatSays(script: string): NodeJS.ProcessEnv {
  const folder = temporaryFolder('bus');
  writeFileSync(join(folder, 'dbus-send'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { PATH: `${folder}:/usr/bin:/bin`, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' };
}

const reply = (answer: string): string => `echo 'method return time=1 sender=a'; echo '   boolean ${answer}'`;

test('Windows and macOS always have one', async () => {
  expect(await findTray('win32', {})).toBe(true);
  expect(await findTray('darwin', {})).toBe(true);
});

test.each([
  ['somebody shows icons', reply('true'), true],
  ['nobody shows icons', reply('false'), false],
  ['the bus refuses', 'echo "Failed to open connection" >&2; exit 1', false],
  ['the bus does not answer', 'exec sleep 30', false],
])('on Linux, when %s', async (_what, script, found) => {
  expect(await findTray('linux', busThatSays(script))).toBe(found);
});

test('without a session bus nobody is asked, because asking would start one', async () => {
  const { PATH } = busThatSays(reply('true'));
  expect(await findTray('linux', { PATH })).toBe(false);
  expect(await findTray('linux', { PATH, XDG_RUNTIME_DIR: temporaryFolder('runtime') })).toBe(false);
});

test('a runtime folder with a bus in it is asked', async () => {
  const { PATH } = busThatSays(reply('true'));
  const runtime = temporaryFolder('runtime');
  writeFileSync(join(runtime, 'bus'), '');
  expect(await findTray('linux', { PATH, XDG_RUNTIME_DIR: runtime })).toBe(true);
});

test('without dbus-send there is none', async () => {
  const env = { PATH: '/nowhere', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' };
  expect(await findTray('linux', env)).toBe(false);
});
