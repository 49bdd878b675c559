import { describe, expect, it } from 'vitest';
import { rotationPolicySchema } from '#shared/contract/logs-rotation-policy.ts';
import { i18n } from '../../../renderer/locales/index.ts';
import type { Translate } from '../../../renderer/locales/use-translation.ts';
import { newPolicy, readPolicy } from '../../../renderer/pages/logs/rotation/policy-draft.ts';
import { policySentence } from '../../../renderer/pages/logs/rotation/policy-sentence.ts';
import { cronOf, scheduleWords } from '../../../renderer/pages/logs/rotation/schedule.ts';

const t = i18n.t as unknown as Translate;
const codecs = { zstd: 'zstd', gzip: 'gzip', none: 'none' } as const;

describe('a schedule in words', () => {
  it.each([
    [null, 'none'],
    ['5 * * * *', 'hourly'],
    ['30 3 * * *', 'daily'],
    ['0 4 * * 1', 'weekly'],
    ['0 4 1 * *', 'monthly'],
  ] as const)('%s is %s, and back', (cron, kind) => {
    const words = scheduleWords(cron);
    expect(words.kind).toBe(kind);
    expect(cronOf(words)).toBe(cron);
  });

  it.each(['*/5 * * * *', '0 3 * * 1-5', '0 3 1 * 1', '60 3 * * *', '0 24 * * *', '@daily'])(
    '%s stays an expression',
    (cron) => {
      expect(scheduleWords(cron).kind).toBe('cron');
    },
  );
});

describe('a policy as a sentence', () => {
  it('says when, what, how and for how long', () => {
    const policy = rotationPolicySchema.parse({
      name: 'hmtt',
      paths: ['/var/log/hmtt/*.log'],
      when: { schedule: '0 3 * * *', bytes: 100 * 1024 * 1024 },
      reopen: { kind: 'signal', signal: 'HUP' },
      keep: { days: 200, lockDays: 180 },
    });
    expect(policySentence(t, policy, codecs)).toBe(
      '每天 03:00，或文件达到 100 MiB 时，轮转 /var/log/hmtt/*.log：改名，向正在写入的进程发送 HUP 信号，' +
        '等到无人占用旧文件，用 zstd 压缩，校验后归档。保留 200 天，180 天之内绝不删除。',
    );
  });

  it('names the codec that the engine writes, not the one that was asked for', () => {
    const policy = { ...newPolicy(), compress: 'zstd' as const };
    expect(policySentence(t, policy, { ...codecs, zstd: 'gzip' })).toContain('用 gzip 压缩');
    const none = { ...newPolicy(), compress: 'none' as const };
    expect(policySentence(t, none, codecs)).not.toContain('压缩');
  });

  it('warns of the loss in its own words', () => {
    const policy = { ...newPolicy(), method: 'copytruncate' as const };
    expect(policySentence(t, policy, codecs)).toContain('会丢失');
  });
});

describe('a policy that is being filled in', () => {
  it('is one when it can be, and names what is wrong', () => {
    expect(readPolicy(newPolicy()).wrong).toBeNull();
    const read = readPolicy({ ...newPolicy(), name: '', paths: [], encryptTo: ['a b'] });
    expect([...(read.wrong ?? [])]).toEqual(expect.arrayContaining(['name', 'paths', 'encryptTo']));
  });
});
