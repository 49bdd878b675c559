import { describe, expect, test } from 'vitest';
import type { HostKey } from '#shared/contract/ssh.ts';
import { hostKeyAlgorithms, judgeHostKey, readHostKey } from '../../../main/engine/ssh/host-key.ts';

const key = (type: string, fingerprint: string): HostKey => ({ host: 'app-1', port: 22, type, fingerprint });
const ed = key('ssh-ed25519', 'SHA256:a');

describe('a presented host key', () => {
  test('is unknown where none is known, trusted where it is, and changed otherwise', () => {
    expect(judgeHostKey(ed, [])).toEqual({ kind: 'unknown' });
    expect(judgeHostKey(ed, [key('ssh-rsa', 'SHA256:r'), ed])).toEqual({ kind: 'trusted' });
    expect(judgeHostKey(ed, [key('ssh-ed25519', 'SHA256:b')])).toEqual({
      kind: 'changed',
      known: key('ssh-ed25519', 'SHA256:b'),
    });
  });

  test('of a type that nobody has seen of this server is changed, not new', () => {
    expect(judgeHostKey(ed, [key('ssh-rsa', 'SHA256:r')]).kind).toBe('changed');
  });

  test('is asked for by the type that is known first, and never with SHA-1', () => {
    expect(hostKeyAlgorithms([key('ssh-rsa', 'x')]).slice(0, 3)).toEqual([
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ssh-ed25519',
    ]);
    expect(hostKeyAlgorithms([])[0]).toBe('ssh-ed25519');
    expect(hostKeyAlgorithms([])).not.toContain('ssh-rsa');
  });

  test.each([
    [''],
    ['000000'],
    ['00000000'],
    ['ffffffff6161'],
    ['0000000b7373682d656432353531'],
    ['00000002206161'],
  ])('that is none (%s) is not read', (hex) =>
    expect(readHostKey('app-1', 22, Buffer.from(hex, 'hex'))).toBeNull(),
  );
});
