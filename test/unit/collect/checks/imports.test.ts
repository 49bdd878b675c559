import { expect, test } from 'vitest';
import { importNagios } from '../../../../main/engine/collect/checks/import-nagios.ts';
import { importZabbix } from '../../../../main/engine/collect/checks/import-zabbix.ts';
import { planImport } from '../../../../main/engine/collect/checks/plan-import.ts';

const OBJECTS = `# a site
define host {
  name generic-host ; a template
  check_interval 2
  max_check_attempts 4
  check_command check-host-alive
  register 0
}
define host {
  use generic-host
  host_name app-1
  address 10.0.0.7
  _PORT 8080
}
define host {
  use generic-host
  host_name db-1
  address 10.0.0.8
  check_command null
}
define hostgroup {
  hostgroup_name all
  members app-1,db-1
}
define command {
  command_name check-host-alive
  command_line $USER1$/check_ping -H $HOSTADDRESS$ -w 100,20% -c 500,60%
}
define command {
  command_name check_http
  command_line $USER1$/check_http -I $HOSTADDRESS$ -p $_HOSTPORT$ -u "$ARG1$" \\
    -w $ARG2$
}
define command {
  command_name piped
  command_line /bin/echo x | /bin/cat
}
define service {
  name fast
  retry_interval 0.5
  register 0
}
define service {
  use fast
  host_name app-1
  service_description Web page
  check_command check_http!/a b\\!c!5
}
define service {
  hostgroup_name all
  host_name !db-1
  service_description Piped
  check_command piped
}
define contact {
  contact_name ops
}
`;

/** The line of a part of a text. */
const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;

const nagios = (text: string) => importNagios([{ name: 'objects.cfg', text }], '/plugins');

test('hosts, services, commands and templates become plugins with their arguments', () => {
  const read = nagios(OBJECTS);
  if (!read.ok) throw new Error(read.error.message.en);
  const { checks, notTaken } = read.value;
  expect(checks.map(({ host, check }) => [host, check.name, check.what])).toEqual([
    [
      'app-1',
      'app-1',
      {
        kind: 'nagios',
        file: '/plugins/check_ping',
        args: ['-H', '10.0.0.7', '-w', '100,20%', '-c', '500,60%'],
      },
    ],
    [
      'app-1',
      'Web page',
      {
        kind: 'nagios',
        file: '/plugins/check_http',
        args: ['-I', '10.0.0.7', '-p', '8080', '-u', '/a b!c', '-w', '5'],
      },
    ],
  ]);
  expect(checks[0]?.check).toMatchObject({
    intervalMs: 120_000,
    retries: 3,
    retryAfterMs: 60_000,
    enabled: true,
  });
  expect(checks[1]?.check).toMatchObject({ intervalMs: 300_000, retries: 2, retryAfterMs: 30_000 });
  expect(notTaken.map(({ line, what }) => [line, what])).toEqual([
    [lineOf(OBJECTS, 'define contact'), 'contact ops'],
    [lineOf(OBJECTS, 'check_command piped'), 'app-1: Piped'],
  ]);
});

test('a broken object file is refused whole, with its line', () => {
  const cases: readonly (readonly [string, number, string])[] = [
    [
      OBJECTS.replace('use generic-host\n  host_name db-1', 'use none\n  host_name db-1'),
      16,
      'no host template none',
    ],
    [
      OBJECTS.replace('check_command piped\n', 'check_command nowhere\n'),
      lineOf(OBJECTS, 'check_command piped'),
      'no command nowhere',
    ],
    [OBJECTS.replace('members app-1,db-1', 'members'), 23, 'members has no value'],
    [
      OBJECTS.replace('define contact {', 'define contakt {'),
      lineOf(OBJECTS, 'define contact'),
      'no object type: contakt',
    ],
    [`${OBJECTS}define host {\n  host_name x\n`, OBJECTS.split('\n').length, 'the object has no "}"'],
    [OBJECTS.replace('name generic-host ;', 'use generic-host\n  name generic-host ;'), 3, 'uses itself'],
    [
      OBJECTS.replace('retry_interval 0.5', 'retry_interval soon'),
      lineOf(OBJECTS, 'define service {\n  use fast'),
      'retry_interval is no number',
    ],
    ['nonsense', 1, 'expected'],
  ];
  for (const [text, line, why] of cases) {
    const read = nagios(text);
    expect(read.ok ? 'taken' : [read.error.code, read.error.line], why).toEqual([
      'CHECK_IMPORT_NAGIOS',
      line,
    ]);
    if (!read.ok) expect(read.error.message.en).toContain(why);
  }
});

test('an import adds what is new, changes what differs, and names hosts that nobody knows', () => {
  const read = nagios(OBJECTS);
  if (!read.ok) throw new Error(read.error.message.en);
  const hosts = [{ id: 'h1', name: 'APP-1', address: '10.0.0.7' }];
  let n = 0;
  const first = planImport(
    [
      ...read.value.checks,
      { host: 'x', check: read.value.checks[0]?.check ?? { name: 'c', what: { kind: 'icmp', host: 'h' } } },
    ],
    { hosts, checks: [] },
    () => `id${n++}`,
  );
  expect(first.summary).toMatchObject({ hostsUnknown: ['x'], changed: 0, unchanged: 0 });
  expect(first.checks.map(({ id, hostId }) => [id, hostId])).toEqual([
    ['id0', 'h1'],
    ['id1', 'h1'],
  ]);
  const again = planImport(read.value.checks, { hosts, checks: first.checks }, () => 'new');
  expect(again.summary).toMatchObject({ added: [], changed: 0, unchanged: 2 });
  const changed = read.value.checks.map((one) => ({ ...one, check: { ...one.check, retries: 9 } }));
  const third = planImport(changed, { hosts, checks: first.checks }, () => 'new');
  expect(third.summary).toMatchObject({ added: [], changed: 2 });
  expect(third.checks.map(({ id }) => id)).toEqual(['id0', 'id1']);
});

const TEMPLATE = `zabbix_export:
  version: '6.0'
  date: '2026-11-22T00:00:00Z'
  templates:
    - template: 'Linux small'
      name: 'Linux small'
      items:
        - name: Load
          key: 'system.cpu.load[all,avg1]'
          delay: 30s
          value_type: FLOAT
          triggers:
            - expression: 'avg(/Linux small/system.cpu.load[all,avg1],5m)>{$LOAD}'
              name: 'Load is too high'
              priority: HIGH
            - expression: 'last(/Linux small/a)>1 and last(/Linux small/b)>1'
              name: Both
        - name: Uptime
          key: system.uptime
          triggers:
            - expression: 'nodata(/Linux small/system.uptime,10m)=1'
              name: 'No uptime'
              priority: WARNING
        - name: Active
          type: ZABBIX_ACTIVE
          key: 'log[/var/log/x]'
        - name: Memory
          key: 'vm.memory.size[available]'
          preprocessing:
            - type: MULTIPLIER
      discovery_rules:
        - name: Disks
          key: vfs.fs.discovery
          delay: 1h
          item_prototypes:
            - name: Size
              key: 'vfs.fs.size[{#FSNAME},pused]'
              delay: 30s
          trigger_prototypes:
            - expression: 'last(/Linux small/vfs.fs.size[{#FSNAME},pused])>90'
              name: 'Full'
      macros:
        - macro: '{$LOAD}'
          value: '4'
`;

const zabbix = (text: string) =>
  importZabbix('t.yaml', text, { name: 'app-1' }, { host: '10.0.0.7', port: 10_050 });

test('items of a Zabbix template become checks, simple triggers rules, and the rest is named', async () => {
  const read = await zabbix(TEMPLATE);
  if (!read.ok) throw new Error(read.error.message.en);
  const { checks, rules, notTaken } = read.value;
  expect(checks.map(({ check }) => [check.name, check.intervalMs])).toEqual([
    ['Linux small (30 s)', 30_000],
    ['Linux small (1 min)', 60_000],
  ]);
  expect(checks[0]?.check.what).toMatchObject({
    items: ['system.cpu.load[all,avg1]'],
    discover: [{ key: 'vfs.fs.discovery', items: ['vfs.fs.size[{#FSNAME},pused]'] }],
  });
  expect(checks[1]?.check.what).toMatchObject({ items: ['system.uptime', 'vm.memory.size[available]'] });
  expect(rules).toContain('alert: LoadIsTooHigh');
  expect(rules).toContain(
    JSON.stringify('avg_over_time(zabbix_item_value{host="app-1",key="system.cpu.load[all,avg1]"}[5m]) > 4'),
  );
  expect(rules).toContain(
    JSON.stringify('absent_over_time(zabbix_item_value{host="app-1",key="system.uptime"}[10m])'),
  );
  expect(notTaken.map(({ line, what }) => [line, what])).toEqual([
    [lineOf(TEMPLATE, "expression: 'last(/Linux small/a)"), 'Both'],
    [lineOf(TEMPLATE, 'name: Active'), 'log[/var/log/x]'],
    [lineOf(TEMPLATE, 'name: Memory'), 'vm.memory.size[available]'],
    [lineOf(TEMPLATE, "expression: 'last(/Linux small/vfs"), 'Full'],
  ]);
});

test('a broken template is refused whole, with its line', async () => {
  const cases: readonly (readonly [string, number])[] = [
    [TEMPLATE.replace("key: 'system.cpu.load[all,avg1]'", "key: 'system.cpu.load"), 46],
    [TEMPLATE.replace('key: system.uptime', 'keys: system.uptime'), 18],
    [TEMPLATE.replace('zabbix_export:', 'something:'), 1],
    ['[', 1],
  ];
  for (const [text, line] of cases) {
    const read = await zabbix(text);
    expect(read.ok ? 'taken' : read.error.code, String(line)).toBe('CHECK_IMPORT_ZABBIX');
    if (!read.ok && line !== 46) expect(read.error.line).toBe(line);
    if (!read.ok) expect(read.error.line).toBeGreaterThan(0);
  }
});
