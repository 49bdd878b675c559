import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rootArguments } from '../../../scripts/electron-path.ts';
import { lastWords, runQuietly } from '../../../scripts/lib/command.ts';
import { authorityFile, hasDisplay, openVirtualDisplay } from '../../../scripts/lib/display.ts';
import { cacheFolder, executableIn, resourcesIn } from '../../../scripts/lib/paths.ts';
import { hashInputs } from '../../../scripts/lib/stamp.ts';

describe('paths', () => {
  test('the cache follows each platform’s custom', () => {
    const home = '/home/op';
    expect(cacheFolder({ platform: 'linux', env: {}, home })).toBe('/home/op/.cache/hmtt-console');
    expect(cacheFolder({ platform: 'linux', env: { XDG_CACHE_HOME: '/x' }, home })).toBe('/x/hmtt-console');
    expect(cacheFolder({ platform: 'darwin', env: {}, home })).toBe('/home/op/Library/Caches/hmtt-console');
  });

  test('the executable and its resources lie where each platform has them', () => {
    expect(executableIn('/r', 'linux')).toBe('/r/electron');
    expect(executableIn('/r', 'win32')).toContain('electron.exe');
    expect(executableIn('/r', 'darwin')).toBe('/r/Electron.app/Contents/MacOS/Electron');
    expect(resourcesIn('/r', 'darwin')).toBe('/r/Electron.app/Contents/Resources');
  });

  test('the sandbox is switched off for root and for nobody else', () => {
    expect(rootArguments(0)).toEqual(['--no-sandbox']);
    expect(rootArguments(1000)).toEqual([]);
  });
});

describe('source stamp', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hmtt-stamp-'));
    mkdirSync(join(folder, 'a', 'b'), { recursive: true });
    writeFileSync(join(folder, 'a', 'one.ts'), 'one');
    writeFileSync(join(folder, 'a', 'b', 'two.ts'), 'two');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('stays when only times change, and does not depend on what is beside the inputs', () => {
    const before = hashInputs(folder, ['a']);
    utimesSync(join(folder, 'a', 'one.ts'), 1, 1);
    writeFileSync(join(folder, 'beside.ts'), 'x');
    mkdirSync(join(folder, 'a', 'node_modules'));
    writeFileSync(join(folder, 'a', 'node_modules', 'x.js'), 'x');
    expect(hashInputs(folder, ['a'])).toBe(before);
  });

  test('changes with contents, names, and files that come or go', () => {
    const seen = new Set([hashInputs(folder, ['a'])]);
    writeFileSync(join(folder, 'a', 'one.ts'), 'One');
    seen.add(hashInputs(folder, ['a']));
    writeFileSync(join(folder, 'a', 'three.ts'), '');
    seen.add(hashInputs(folder, ['a']));
    rmSync(join(folder, 'a', 'b', 'two.ts'));
    seen.add(hashInputs(folder, ['a']));
    expect(seen.size).toBe(4);
  });

  test('moves text between two files without keeping its stamp', () => {
    const before = hashInputs(folder, ['a']);
    writeFileSync(join(folder, 'a', 'one.ts'), 'onet');
    writeFileSync(join(folder, 'a', 'b', 'two.ts'), 'wo');
    expect(hashInputs(folder, ['a'])).not.toBe(before);
  });
});

describe('commands', () => {
  test('keep what they said, for the message when they fail', async () => {
    const result = await runQuietly(process.execPath, ['-e', 'console.error("no disk"); process.exit(4)']);
    expect(result).toEqual({ code: 4, output: 'no disk\n' });
    expect(lastWords('a\n\nb\n c \nd\n')).toBe('b | c | d');
    expect(lastWords('\n')).toBe('it said nothing');
  });

  test('that are not there have no exit code', async () => {
    const result = await runQuietly('hmtt-no-such-command', []);
    expect(result.code).toBeNull();
    expect(result.output).toContain('ENOENT');
  });
});

describe('the virtual display', () => {
  test('is needed on Linux without one, and nowhere else', () => {
    expect(hasDisplay('linux', {})).toBe(false);
    expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true);
    expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
    expect(hasDisplay('darwin', {})).toBe(true);
  });

  test('writes its cookie in libXau’s format, for any display of this machine', () => {
    const file = authorityFile(Buffer.from([1, 2, 3]));
    const name = Buffer.from('MIT-MAGIC-COOKIE-1').toString('hex');
    expect(file.toString('hex')).toBe(`ffff${'0000'}${'0000'}0012${name}0003010203`);
  });

  test('opens and leaves nothing behind', async () => {
    const display = await openVirtualDisplay('320x200');
    const number = display.env.DISPLAY.slice(1);
    expect(existsSync(`/tmp/.X11-unix/X${number}`)).toBe(true);
    await display.close();
    expect(existsSync(`/tmp/.X11-unix/X${number}`)).toBe(false);
    expect(existsSync(display.env.XAUTHORITY)).toBe(false);
  });
});
