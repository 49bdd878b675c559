import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { host, refused, startSite, taken } from '../../helpers/inventory-site.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const CHINESE = `名称,地址,层,类型,负责人,联系方式,导出器,上联,调用,标签,TCP检查,车间
sw-1,10.0.0.1,其他,交换机,网络组,8001,,,,,22,一
app-1,10.0.1.1,业务层,应用服务器,"张三, 值班",8002,9100,sw-1,db-1：JDBC,rack=a1;env=prod,,一
db-1,10.0.2.1,数据层,数据库,李四,8003,9100；9187,sw-1,,,,二
`;

test('a list with Chinese headers becomes hosts, targets, cards and links', async () => {
  const { importText, hosts, all, stop } = startSite();
  const preview = taken(await importText(CHINESE, { dryRun: true }));
  expect(preview).toMatchObject({ format: 'csv', encoding: 'utf-8', faults: [], applied: false });
  expect(preview.ignoredColumns).toEqual(['车间']);
  // All of it is new: nothing that is known already is said to change.
  expect(preview.rows.filter(({ action }) => action !== 'add')).toEqual([]);
  expect(hosts.list()).toHaveLength(1);
  const done = taken(await importText(CHINESE));
  expect(done.applied).toBe(true);
  expect(done.rows).toEqual(preview.rows);
  const app = hosts.list().find(({ name }) => name === 'app-1');
  expect(app).toMatchObject({ address: '10.0.1.1', tier: 'business', labels: { rack: 'a1', env: 'prod' } });
  expect(
    hosts
      .targets()
      .map(({ url }) => url)
      .toSorted(),
  ).toEqual([
    'http://10.0.1.1:9100/metrics',
    'http://10.0.2.1:9100/metrics',
    'http://10.0.2.1:9187/metrics',
    'local:this-workstation',
    'tcp://10.0.0.1:22',
  ]);
  expect(all().cards.find(({ hostId }) => hostId === 'app-1')).toMatchObject({
    owner: '张三, 值班',
    kind: 'application_server',
  });
  expect(
    all().links.map(({ from, to, dependsOn, protocol }) => [from.id, to.id, dependsOn, protocol]),
  ).toEqual([
    ['app-1', 'db-1', 'no', 'JDBC'],
    ['app-1', 'sw-1', 'network', ''],
    ['db-1', 'sw-1', 'network', ''],
  ]);
  // The same list once more changes nothing.
  const again = taken(await importText(CHINESE));
  expect(again.rows.filter(({ action }) => action !== 'same')).toEqual([]);
  stop();
});

test('GB18030 and UTF-16 are found out, and a picture is refused', async () => {
  const { importText, stop } = startSite();
  // “名称,地址\n主机一,10.0.0.1\n” in GB18030.
  const gb = Buffer.from('c3fbb3c62cb5d8d6b70ad6f7bbfad2bb2c31302e302e302e310a', 'hex');
  const first = taken(await importText(gb, { dryRun: true }));
  expect(first).toMatchObject({
    encoding: 'gb18030',
    rows: [{ name: '主机一', what: 'host', action: 'add' }],
  });
  const utf16 = Buffer.from('\ufeffname\taddress\napp-1\t10.0.0.1\n', 'utf16le');
  expect(taken(await importText(utf16, { dryRun: true }))).toMatchObject({
    encoding: 'utf-16le',
    rows: [{ name: 'app-1' }],
  });
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  expect(refused(await importText(png)).code).toBe('INVENTORY_FILE_ENCODING');
  stop();
});

const WRONG = `name,address,tier,behind,exporter
sw-1,10.0.0.1,other,,
app-1,10.0.1.1,bussiness,sw-1,9100
app-2,10.0.1.2,business,sw-9,9100
app-3,10.0.1.3,business,app-2,99999
sw-1,10.0.0.9,other,,
"app,4",10.0.1.4,business,sw-1,9100
app-5,10.0.1.5,business,app-2,
`;

test('every wrong row is named with line and column, and nothing is taken', async () => {
  const { importText, hosts, stop } = startSite();
  const answer = taken(await importText(WRONG));
  expect(answer.applied).toBe(false);
  expect(answer.faults.map(({ line, field, message }) => [line, field, message.en])).toEqual([
    [3, 'tier', '"bussiness" is not known'],
    [4, 'behind', 'there is no host or component "sw-9"'],
    [5, 'exporter', '"99999" is not a port'],
    [6, 'sw-1', 'the name occurs already in line 2'],
  ]);
  expect(hosts.list()).toHaveLength(1);
  stop();
});

test('the good rows are taken when asked for, without those that lean on wrong ones', async () => {
  const { importText, hosts, all, stop } = startSite();
  const answer = taken(await importText(WRONG, { take: 'good' }));
  expect(answer.applied).toBe(true);
  expect(answer.faults.map(({ line, message }) => [line, message.en])).toContainEqual([
    8,
    'there is no host or component "app-2"',
  ]);
  expect(
    hosts
      .list()
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(['app,4', 'sw-1', 'ws-1']);
  expect(all().links).toHaveLength(1);
  stop();
});

test('a row that closes a circle is named; an unclosed quote refuses the file with its line', async () => {
  const { importText, stop } = startSite();
  const circle = 'name,address,behind\na,10.0.0.1,b\nb,10.0.0.2,c\nc,10.0.0.3,a\n';
  expect(taken(await importText(circle)).faults).toMatchObject([
    { line: 4, field: 'behind', message: { en: expect.stringContaining('→') } },
  ]);
  const error = refused(await importText('name,address\na,10.0.0.1\n"b,10.0.0.2\nc,10.0.0.3\n'));
  expect(error).toMatchObject({ code: 'INVENTORY_FILE_INVALID', line: expect.any(Number) });
  expect(refused(await importText('地址,层\n10.0.0.1,数据层\n'))).toMatchObject({
    code: 'INVENTORY_FILE_INVALID',
    line: 1,
  });
  stop();
});

test('a list like /etc/hosts is read by address and name', async () => {
  const { importText, hosts, all, stop } = startSite();
  const list = '# site\n127.0.0.1 localhost\n10.0.0.5\tdb-1 db-1.site db\n\nfd00::7 app-7 # new\n';
  const answer = taken(await importText(list, { fileName: 'hosts' }));
  expect(answer).toMatchObject({ format: 'hosts', faults: [], applied: true });
  expect(hosts.list().map(({ name, address }) => `${name} ${address}`)).toEqual(
    expect.arrayContaining(['db-1 10.0.0.5', 'app-7 fd00::7']),
  );
  expect(all().cards).toMatchObject([{ hostId: 'db-1', note: 'db-1.site db' }]);
  stop();
});

test('a component runs on the host that its row names', async () => {
  const { importText, all, stop } = startSite();
  const list =
    'name,address,on host,kind,tier,calls\nlb-1,10.0.0.1,,load balancer,presentation,\nhaproxy,,lb-1,lb,presentation,\n';
  taken(await importText(list));
  expect(all().components).toMatchObject([
    { name: 'haproxy', hostId: 'lb-1', kind: 'load_balancer', tier: 'presentation' },
  ]);
  expect(taken(await importText('name,on host\nx,nowhere\n')).faults).toMatchObject([
    { line: 2, message: { en: 'there is no host "nowhere"' } },
  ]);
  stop();
});

test('a site file brings the whole inventory to another console, without secrets', async () => {
  const first = startSite();
  taken(await first.importText(CHINESE));
  const secret = { username: 'prom', password: 'planted-secret' };
  const text = first.exported();
  const withSecret = JSON.parse(text) as { hosts: { name: string; targets: { basicAuth?: object }[] }[] };
  const target = withSecret.hosts.find(({ name }) => name === 'app-1')?.targets[0];
  if (target) target.basicAuth = secret;
  taken(await first.importText(JSON.stringify(withSecret), { fileName: 'site.json' }));
  const kept = (): boolean =>
    first.wanted().some(({ config }) => {
      const opened = first.secrets.open(config.basicAuth?.password ?? '', `http://${config.address}`);
      return opened.ok && opened.value === 'planted-secret';
    });
  expect(kept()).toBe(true);
  const exported = first.exported();
  expect(exported).not.toContain('planted-secret');
  expect(exported).not.toContain('sealed:');
  expect(JSON.parse(exported)).toMatchObject({ format: 'hmtt-site', version: 1, secretsLeftOut: ['node'] });

  const second = startSite();
  const preview = taken(await second.importText(exported, { fileName: 'site.json', dryRun: true }));
  expect(preview.rows.filter(({ what }) => what === 'host')).toHaveLength(3);
  taken(await second.importText(exported, { fileName: 'site.json' }));
  const shape = ({ exportedAt: _, ...file }: Record<string, unknown>) => ({ ...file, secretsLeftOut: [] });
  expect(shape(JSON.parse(second.exported()))).toEqual(shape(JSON.parse(exported)));
  // The first console keeps its password when it reads its own file.
  taken(await first.importText(exported, { fileName: 'site.json' }));
  expect(kept()).toBe(true);
  first.stop();
  second.stop();
});

const EVERYTHING = `name,address,tier,kind,on host,owner,contact,classification,maintenance,labels,exporter,tcp,behind,power,depends on,calls,note
sw-1,10.0.0.254,other,switch,,网络组,8001,内部,周日 02:00-04:00,rack=a1,,22,,,,,core
ups-1,10.0.0.253,other,UPS,,机房,8002,,,,,80,,,,,
db-1,10.0.2.1,data,database server,,DBA,8003,秘密,每月第一个周六,rack=a2;env=prod,9100,,sw-1,ups-1,,,
app-1,10.0.1.1,business,application server,,张三,8004,内部,,env=prod,9100;8080/actuator/prometheus,,sw-1,ups-1,db-1:JDBC,,
tomcat,,business,application server,app-1,李四,8005,内部,,,,,,,,db-1:JDBC,war 7
`;

test('everything of a site comes out of an export and an empty console as it was, jobs and their files with it', async () => {
  const folder = temporaryFolder();
  const targets = join(folder, 'nodes.json');
  writeFileSync(targets, '[{"targets": ["10.0.1.1:9256", "10.0.9.9:9256", "drop:1"]}]');
  const first = startSite();
  const preview = taken(await first.importText(EVERYTHING, { dryRun: true }));
  expect(preview.faults).toEqual([]);
  expect(preview.ignoredColumns).toEqual([]);
  taken(await first.importText(EVERYTHING));
  const yml = `scrape_configs:
- job_name: process
  sample_limit: 500
  bearer_token: planted-token
  file_sd_configs: [{files: ["${targets}"], refresh_interval: 1m}]
  relabel_configs: [{source_labels: [__address__], regex: drop.*, action: drop}]
  metric_relabel_configs: [{action: labeldrop, regex: tmp}]
- job_name: listed
  static_configs: [{targets: ['10.0.2.1:9187'], labels: {db: main}}]
`;
  await first.importYml(yml);
  const text = first.exported();
  expect(text).not.toContain('planted-token');
  const file = JSON.parse(text) as Record<string, unknown>;
  expect(file).toMatchObject({ version: 2, secretsLeftOut: ['process'] });
  expect((file.hosts as { name: string }[]).find(({ name }) => name === 'db-1')).toMatchObject({
    ...{ owner: 'DBA', contact: '8003', classification: '秘密', maintenance: '每月第一个周六' },
    labels: { rack: 'a2', env: 'prod' },
  });
  expect(file.links).toContainEqual({
    from: 'app-1',
    to: 'db-1',
    protocol: 'JDBC',
    dependsOn: 'service',
    note: '',
  });

  const second = startSite();
  const rows = taken(await second.importText(text, { fileName: 'site.json', dryRun: true })).rows;
  expect(rows.filter(({ what }) => what === 'job').map(({ name, action }) => [name, action])).toEqual([
    ['listed', 'add'],
    ['process', 'add'],
  ]);
  expect(second.hosts.list()).toHaveLength(1);
  taken(await second.importText(text, { fileName: 'site.json' }));
  const shape = ({ exportedAt: _, secretsLeftOut: _s, ...rest }: Record<string, unknown>) => rest;
  expect(shape(JSON.parse(second.exported()))).toEqual(shape(file));
  const origins = second.hosts
    .targets()
    .flatMap(({ origin, config }) => (origin ? [[config.address, origin]] : []));
  expect(origins.toSorted()).toEqual([
    ['10.0.1.1:9256', { job: 'process', file: targets }],
    ['10.0.2.1:9187', { job: 'listed', file: null }],
    ['10.0.9.9:9256', { job: 'process', file: targets }],
  ]);
  // Its own file changes nothing, and takes no secret away.
  const before = first.hosts.targets();
  taken(await first.importText(text, { fileName: 'site.json' }));
  expect(first.hosts.targets()).toEqual(before);
  expect(first.exported()).toContain('"process"');
  first.stop();
  second.stop();
});

test('a site file of a newer console, or with an unknown field, is refused whole', async () => {
  const { importText, hosts, stop } = startSite();
  const file = (more: object) => JSON.stringify({ format: 'hmtt-site', version: 1, ...more });
  expect(refused(await importText(file({ version: 99 }))).message.en).toContain('newer console');
  expect(refused(await importText(file({ version: 3 }))).message.en).toContain('hmtt import site');
  const odd = file({ hosts: [{ name: 'a', address: 'b', colour: 'red' }] });
  expect(refused(await importText(odd)).message.en).toContain('hosts.0');
  expect(refused(await importText('{"a":')).message.en).toContain('JSON');
  const lost = file({ links: [{ from: 'a', to: 'b' }] });
  expect(taken(await importText(lost)).faults).toMatchObject([{ field: 'from' }]);
  expect(hosts.list()).toHaveLength(1);
  stop();
});

test('a removed host and its name are free again', () => {
  const { addHost, removeHost, link, stop } = startSite();
  addHost('a');
  addHost('b');
  taken(link(host('a'), host('b')));
  removeHost('b');
  addHost('b');
  taken(link(host('a'), host('b')));
  stop();
});
