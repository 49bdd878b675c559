import { describe, expect, it } from 'vitest';
import { anyGlob, globMatcher } from '#shared/domain/glob.ts';

describe('globs', () => {
  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['*.tmp', ['a.tmp', 'x/y/.tmp'], ['a.tmpx', 'a.tmp/b']],
    ['/srv/cache', ['srv/cache'], ['srv/cache/x', 'x/srv/cache']],
    ['srv/*/cache', ['srv/a/cache'], ['srv/a/b/cache', 'srv/cache']],
    ['srv/**/cache', ['srv/a/cache', 'srv/a/b/cache', 'srv/cache'], ['srvx/cache']],
    ['**/node_modules', ['node_modules', 'a/b/node_modules'], ['a/node_modules/b', 'xnode_modules']],
    ['logs/**', ['logs/a', 'logs/a/b'], ['log/a']],
    ['file?.[ch]', ['file1.c', 'd/filex.h'], ['file.c', 'file12.c', 'file1.o']],
    ['[!a-c]x', ['dx'], ['ax', 'cx', '/x']],
    ['\\*', ['*', 'a/*'], ['x']],
    ['[', ['['], ['x']],
    ['名*', ['名字'], ['字名']],
    ['cache/', ['cache', 'a/cache'], ['cachex']],
  ])('%s', (pattern, yes, no) => {
    const matches = globMatcher(pattern);
    expect(yes.filter((path) => !matches(path))).toEqual([]);
    expect(no.filter((path) => matches(path))).toEqual([]);
  });

  it('take time in proportion, whatever the pattern', () => {
    const matches = globMatcher(`${'*a'.repeat(30)}*b`);
    const began = performance.now();
    expect(matches('a'.repeat(4000))).toBe(false);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('together match when one does; none match nothing', () => {
    expect(anyGlob(['*.o', '*.a'])('x/libc.a')).toBe(true);
    expect(anyGlob([])('x')).toBe(false);
  });
});
