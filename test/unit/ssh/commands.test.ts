import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandLine, HOST_COMMANDS, quoteWord, sudoersText } from '../../../main/engine/ssh/commands.ts';
import { logSudoers } from '../../../main/engine/ssh/log-commands.ts';

describe('a line for a host', () => {
  test('holds each word as it is, whatever a shell would make of it', () => {
    const word = fc
      .string({ unit: 'binary', maxLength: 40 })
      .filter((text) => !text.includes('\0') && text.isWellFormed());
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
        const line = `printf '%s\\0' ${words.map(quoteWord).join(' ')}`;
        const printed = execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' });
        expect(printed.split('\0').slice(0, -1)).toEqual(words);
      }),
      { numRuns: 60 },
    );
  });

  test('is one of the list, with a unit where the list says so', () => {
    expect(commandLine('identify')).toBe('uname -srm');
    expect(commandLine('service-stop', { unit: 'hmtt-erp@2.service' })).toBe(
      'sudo -n systemctl stop -- hmtt-erp@2.service',
    );
    expect(commandLine('service-stop')).toBeNull();
    expect(commandLine('identify', { unit: 'x' })).toBeNull();
  });

  test.each(['', '-H', '--now', 'a b', 'a;reboot', '$(id)', 'a\nb', '../x', 'x'.repeat(300)])(
    'is not made of %j, which is no unit',
    (unit) => expect(commandLine('service-start', { unit })).toBeNull(),
  );

  test('says in both languages what each command is for', () => {
    for (const { title, why } of HOST_COMMANDS)
      for (const text of [title.zh, title.en, why.zh, why.en]) expect(text).not.toBe('');
    expect(new Set(HOST_COMMANDS.map(({ id }) => id)).size).toBe(HOST_COMMANDS.length);
  });
});

describe('a line about a log', () => {
  const log = '/var/log/my app/app.log';
  const old = `${log}-20261122T031500-000042`;

  test('has its values, and runs as root only where that is asked for and the list allows it', () => {
    expect(commandLine('log-rename', { values: { log, old } })).toBe(`mv -n -T -- '${log}' '${old}'`);
    expect(commandLine('log-remove', { values: { old }, asRoot: true })).toBe(`sudo -n rm -- '${old}'`);
    expect(commandLine('log-count', { values: { old }, asRoot: true })).toBeNull();
    expect(commandLine('log-rename', { values: { log } })).toBeNull();
    expect(commandLine('log-remove', { values: { old, more: 'x' } })).toBeNull();
    expect(commandLine('log-remove', { values: { old: '/a\n/etc/passwd' } })).toBeNull();
  });

  test('is allowed by sudo for this log alone, digit by digit', () => {
    const rules = logSudoers('hmtt', {
      files: [log],
      create: false,
      signal: { name: 'HUP', pidFile: '/run/app.pid' },
      script: 'app',
    });
    const stamp = `-${'[0-9]'.repeat(8)}T${'[0-9]'.repeat(6)}-${'[0-9]'.repeat(6)}`;
    expect(rules).toContain(`hmtt ALL=(root) NOPASSWD: /usr/bin/rm -- /var/log/my\\ app/app.log${stamp}`);
    expect(rules).toContain('hmtt ALL=(root) NOPASSWD: /usr/bin/pkill -HUP -F /run/app.pid');
    expect(rules).toContain('hmtt ALL=(root) NOPASSWD: /etc/hmtt-console/reopen/app ""');
    expect(rules).toHaveLength(5);
  });
});

describe('the sudoers file', () => {
  test('allows the units named and nothing else, and no name that is more than a name', () => {
    const text = sudoersText('hmtt', ['erp.service', 'web:1.service']);
    expect(text?.split('\n').slice(1)).toEqual([
      'hmtt ALL=(root) NOPASSWD: /usr/bin/systemctl stop -- erp.service',
      'hmtt ALL=(root) NOPASSWD: /usr/bin/systemctl start -- erp.service',
      'hmtt ALL=(root) NOPASSWD: /usr/bin/systemctl reload -- erp.service',
      'hmtt ALL=(root) NOPASSWD: /usr/bin/systemctl stop -- web\\:1.service',
      'hmtt ALL=(root) NOPASSWD: /usr/bin/systemctl start -- web\\:1.service',
      'hmtt ALL=(root) NOPASSWD: /usr/bin/systemctl reload -- web\\:1.service',
      '',
    ]);
    expect(sudoersText('hmtt\nroot ALL=(ALL) ALL', [])).toBeNull();
    expect(sudoersText('hmtt', ['*'])).toBeNull();
  });
});
