import { describe, expect, test } from 'vitest';
import {
  isDebianLike,
  missingLibraries,
  packagesFor,
  parseOsRelease,
} from '../../../scripts/preflight/libraries.ts';

const bookworm = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n';
const noble = 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n';

describe('os-release', () => {
  test('reads names and version with and without quotes', () => {
    expect(parseOsRelease(bookworm)).toEqual({ names: ['debian'], version: 12 });
    expect(parseOsRelease(noble)).toEqual({ names: ['ubuntu', 'debian'], version: 24.04 });
  });

  test('knows Debian and its kin, and nothing else', () => {
    expect(isDebianLike(parseOsRelease(bookworm))).toBe(true);
    expect(isDebianLike(parseOsRelease('ID=linuxmint\nID_LIKE="ubuntu debian"\n'))).toBe(true);
    expect(isDebianLike(parseOsRelease('ID="opensuse-leap"\nID_LIKE="suse opensuse"\n'))).toBe(false);
    expect(isDebianLike(parseOsRelease(''))).toBe(false);
  });
});

describe('missing libraries', () => {
  test('are the lines of ldd that say so, once each', () => {
    const output = [
      '\tlinux-vdso.so.1 (0x00007ffc)',
      '\tlibnss3.so => not found',
      '\tlibgtk-3.so.0 => not found',
      '\tlibnss3.so => not found',
      '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)',
    ].join('\n');
    expect(missingLibraries(output)).toEqual(['libgtk-3.so.0', 'libnss3.so']);
  });

  test('have the names of the release they are installed on', () => {
    const libraries = ['libgtk-3.so.0', 'libgdk-3.so.0', 'libasound.so.2', 'libgbm.so.1'];
    expect(packagesFor(libraries, parseOsRelease(bookworm)).packages).toEqual([
      'libasound2',
      'libgbm1',
      'libgtk-3-0',
    ]);
    const renamed = ['libasound2t64', 'libgbm1', 'libgtk-3-0t64'];
    expect(packagesFor(libraries, parseOsRelease(noble)).packages).toEqual(renamed);
    expect(packagesFor(libraries, { names: ['debian'], version: 13 }).packages).toEqual(renamed);
    expect(packagesFor(libraries, { names: ['debian'], version: undefined }).packages).toEqual(renamed);
  });

  test('that no package is known for are kept apart', () => {
    expect(packagesFor(['libodd.so.9'], parseOsRelease(bookworm))).toEqual({
      packages: [],
      unknown: ['libodd.so.9'],
    });
  });
});
