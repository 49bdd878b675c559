import { randomUUID } from 'node:crypto';
import type { Notice } from '#shared/contract/notice.ts';

/** What "send a test" sends: it says that it is one, and lists no alert, so that nobody runs. */
export function testNotice(now: number, siteName: string): Notice {
  return {
    id: `test-${randomUUID()}`,
    at: now,
    kind: 'test',
    groupKey: 'test',
    groupLabels: { alertname: 'HmttTest' },
    commonLabels: { alertname: 'HmttTest' },
    receiver: 'test',
    alerts: [],
    counts: { firing: 0, resolved: 0, suppressed: 0 },
    title: { zh: `测试通知（${siteName}）`, en: `Test notice (${siteName})` },
    text: {
      zh: '这是从 HMTT 运维控制台发出的测试，无需处理。收到它说明这个渠道可用。',
      en: 'This is a test from the HMTT Console; nothing is to be done. That you read it shows that the channel works.',
    },
    link: '/alerts',
  };
}
