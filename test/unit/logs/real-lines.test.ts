import { describe, expect, it } from 'vitest';
import { testSample } from '../../../main/engine/logs/parse/sample.ts';
import type { LogMultiline } from '../../../shared/contract/logs-reading.ts';

const NOW = Date.UTC(2026, 10, 23, 2);

/** What the console makes of lines as programs write them, when nobody says which format it is. */
function read(text: string, kind: 'none' | 'indent' | 'time' = 'none') {
  const multiline: LogMultiline =
    kind === 'none' ? { kind } : { kind, maxLines: 1000, maxBytes: 262_144, flushMs: 2000 };
  const sample = {
    text,
    format: 'auto',
    zone: 'Asia/Shanghai',
    encoding: 'auto',
    multiline,
    limit: 100,
  } as const;
  const result = testSample(sample, NOW);
  if (!result.ok) throw new Error(result.error.message.en);
  return {
    format: result.value.format,
    lines: result.value.lines.map(({ time, level, message, fields, lines }) => ({
      time: time === null ? null : new Date(time).toISOString(),
      level,
      message,
      lines,
      fields: Object.fromEntries(fields.map(({ name, value }) => [name, value])),
    })),
    columns: result.value.lines.map(({ fields }) =>
      Object.fromEntries(fields.map(({ name, column }) => [name, column])),
    ),
  };
}

describe('logs of Java', () => {
  it("logback's own default, which says no date: level, thread and logger are read, the time is that of arrival", () => {
    const { format, lines } = read(
      '09:12:01.123 [main] INFO  com.hmtt.App - starting\n09:12:02.123 [main] ERROR com.hmtt.App - failed\n' +
        'java.lang.NullPointerException: s is null\n\tat com.hmtt.App.main(App.java:5)\n',
      'time',
    );
    expect(format).toBe('time-level');
    expect(lines).toMatchObject([
      { time: null, level: 'info', message: 'starting', fields: { thread: 'main', logger: 'com.hmtt.App' } },
      { time: null, level: 'error', lines: 3 },
    ]);
  });

  it('a time of day without a level is no such line', () =>
    expect(read('09:12:01 the kettle boils\n').format).toBe('plain'));

  it.each([
    ['Nov 23, 2026 9:12:03 AM org.apache.catalina.core.StandardContext reload\nINFO: Reloading\n', 'info'],
    [
      'Nov 23, 2026 9:12:03\u202FAM org.apache.catalina.core.StandardContext reload\nSEVERE: Reloading\n',
      'error',
    ],
    [
      '十一月 23, 2026 9:12:03 上午 org.apache.catalina.core.StandardContext reload\n信息: Reloading\n',
      'info',
    ],
    ['11月 23, 2026 9:12:03 上午 org.apache.catalina.core.StandardContext reload\n警告: Reloading\n', 'warn'],
    ['2026年11月23日 上午9:12:03 org.apache.catalina.core.StandardContext reload\n信息: Reloading\n', 'info'],
    ['23-十一月-2026 09:12:03.000 信息 [main] Reloading\n', 'info'],
  ])("Java's own logging in English and Chinese: %s", (text, level) => {
    const { format, lines } = read(text, 'time');
    expect(format).toBe('time-level');
    expect(lines).toMatchObject([{ time: '2026-11-23T01:12:03.000Z', level, message: 'Reloading' }]);
  });

  it('afternoons and midnights', () => {
    const at = (time: string) => read(`Nov 23, 2026 ${time} a.B c\nINFO: x\n`, 'time').lines[0]?.time;
    expect(at('12:00:00 AM')).toBe('2026-11-22T16:00:00.000Z');
    expect(at('12:00:00 PM')).toBe('2026-11-23T04:00:00.000Z');
    expect(at('1:05:09 PM')).toBe('2026-11-23T05:05:09.000Z');
    expect(at('13:05:09 PM')).toBeNull();
  });
});

describe('logs of systems and databases', () => {
  it('auditd, as every server that is audited has it', () => {
    const { format, lines } = read(
      'type=SYSCALL msg=audit(1795396321.123:420): arch=c000003e success=yes comm="sudo" key="exec"\u001DARCH=x86_64\n' +
        `type=USER_LOGIN msg=audit(1795396322.123:421): pid=1 uid=0 msg='op=login acct="root" addr=10.1.1.1 res=failed'\n`,
    );
    expect(format).toBe('kv');
    expect(lines).toMatchObject([
      {
        time: '2026-11-23T01:12:01.123Z',
        fields: { type: 'SYSCALL', success: 'yes', comm: 'sudo', key: 'exec', ARCH: 'x86_64' },
      },
      {
        time: '2026-11-23T01:12:02.123Z',
        fields: { type: 'USER_LOGIN', op: 'login', acct: 'root', res: 'failed' },
      },
    ]);
  });

  it('pairs behind a time, as firewalls write them', () => {
    const { format, lines } = read(
      '2026-11-23 09:12:01 fw1 devname=FGT60 level="warning" srcip=10.20.3.14 action="deny" msg="no session"\n',
    );
    expect(format).toBe('kv');
    expect(lines).toMatchObject([
      { time: '2026-11-23T01:12:01.000Z', level: 'warn', fields: { srcip: '10.20.3.14', action: 'deny' } },
    ]);
  });

  it('pairs with strokes between them, and strokes inside of values', () => {
    const { format, lines } = read('2026-11-23 09:12:01 user=li|ip=10.1.1.1|act=a|b|cost=5\n');
    expect(format).toBe('kv');
    expect(lines[0]?.fields).toMatchObject({ user: 'li', ip: '10.1.1.1', act: 'a|b', cost: '5' });
  });

  it("a quoted message keeps its own pairs where it is not auditd's", () =>
    expect(read("2026-11-23 09:12:01 fw1 a=1 b=2 msg='x == y, z=1'\n").lines[0]?.fields).toEqual({
      a: '1',
      b: '2',
      msg: 'x == y, z=1',
    }));

  it('lines with a level keep their format, pairs or not', () =>
    expect(read('2026-11-23 09:12:01,000 INFO  [main] c.H - a=1 b=2 c=3\n').format).toBe('time-level'));

  it('journald, as text with an offset and as JSON', () => {
    expect(read('2026-11-23T09:12:04+0800 app-1 systemd[1]: hmtt.service: Failed\n')).toMatchObject({
      format: 'syslog',
      lines: [
        { time: '2026-11-23T01:12:04.000Z', fields: { hostname: 'app-1', program: 'systemd', pid: '1' } },
      ],
    });
    expect(
      read(
        '{"__REALTIME_TIMESTAMP":"1795396321123456","_HOSTNAME":"app-1","PRIORITY":"3","MESSAGE":"full"}\n',
      ).lines,
    ).toMatchObject([{ time: '2026-11-23T01:12:01.123Z', level: 'error', message: 'full' }]);
  });

  it("MariaDB's hours of one digit, and who it was at PostgreSQL", () => {
    expect(read('2026-11-23  9:12:05 0 [Note] InnoDB: Using Linux native AIO\n').lines).toMatchObject([
      { time: '2026-11-23T01:12:05.000Z', level: 'info', message: 'InnoDB: Using Linux native AIO' },
    ]);
    expect(read('2026-11-23 09:12:02.123 CST [2315] hmtt@erp ERROR:  no table\n').lines).toMatchObject([
      { level: 'error', message: 'no table', fields: { pid: '2315', user: 'hmtt', database: 'erp' } },
    ]);
  });

  it('klog between the traces of goroutines', () => {
    const { format, lines } = read(
      'F1123 09:12:04.123456       1 main.go:1] fatal\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:10 +0x1d\n' +
        'net/http.(*conn).serve(0xc0001, {0x1, 0x2})\n\t/usr/go/server.go:1 +0x1\nI1123 09:12:05.123456 1 main.go:2] on\n',
      'indent',
    );
    expect(format).toBe('klog');
    expect(lines.map(({ lines: count }) => count)).toEqual([6, 1]);
  });

  it('a line that begins with the name of a function is an event of its own', () => {
    const { lines } = read('fork() failed: retrying\norder.process() began\npanic({0x1, 0x2})\n', 'indent');
    expect(lines.map(({ message }) => message.split('\n')[0])).toEqual([
      'fork() failed: retrying',
      'order.process() began',
    ]);
  });
});

describe('JSON', () => {
  it('keeps all digits of identifiers that no double holds', () =>
    expect(read('{"level":"info","msg":"x","order":1795396321123456789,"n":12.5}\n').lines).toMatchObject([
      { fields: { order: '1795396321123456789', n: '12.5' } },
    ]));

  it('of .NET and of Docker', () => {
    expect(
      read('{"@t":"2026-11-23T01:12:01Z","@mt":"Hello {User}","@l":"Warning","User":"li"}\n').lines,
    ).toMatchObject([{ time: '2026-11-23T01:12:01.000Z', level: 'warn', message: 'Hello {User}' }]);
    expect(
      read(
        '{"log":"2026-11-23 09:12 ERROR pool is full\\n","stream":"stderr","time":"2026-11-23T01:12:01Z"}\n',
      ).lines,
    ).toMatchObject([{ level: 'error', message: '2026-11-23 09:12 ERROR pool is full' }]);
  });
});

describe('the columns of a test', () => {
  it('are those of the field itself, not of an equal text in front of it', () =>
    expect(
      read('10.20.3.15 - - [23/Nov/2026:09:12:05 +0800] "GET / HTTP/1.1" 200 0 "-" "kube-probe"\n')
        .columns[0],
    ).toMatchObject({ client: 1, url: 50, status: 62, bytes: 66 }));
});
