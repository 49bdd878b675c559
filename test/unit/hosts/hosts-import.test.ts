import { expect, test } from 'vitest';
import type { ScrapeConfig } from '#shared/contract/hosts.ts';
import { ok } from '#shared/errors/index.ts';
import { context, error, input, scrape, startOn, value } from '../../helpers/hosts-area.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const FILE = `global: {scrape_interval: 15s}
rule_files: [rules.yml]
scrape_configs:
  - job_name: prometheus
    static_configs: [{targets: ['localhost:9090']}]
  - job_name: hmtt-system
    static_configs: [{targets: ['hmtt-system:9100', 'hmtt-system:9256', 'HMTT-db:9100']}]
`;

test('an import makes one host for each address, and importing again changes nothing', async () => {
  const folder = temporaryFolder();
  const { area, stop, wanted } = startOn(folder);
  const load = area.handlers['hosts.importPrometheus'];
  const dry = value(await load({ fileName: 'p.yml', text: FILE, dryRun: true }, context));
  expect(area.list()).toHaveLength(1);
  const summary = value(await load({ fileName: 'p.yml', text: FILE, dryRun: false }, context));
  expect(summary).toEqual(dry);
  expect(summary).toEqual({
    jobs: [
      { name: 'prometheus', targets: 1, intervalMs: 15_000, line: 4 },
      { name: 'hmtt-system', targets: 3, intervalMs: 15_000, line: 6 },
    ],
    ruleFiles: ['rules.yml'],
    rules: [],
    ruleFilesMissing: ['rules.yml'],
    remoteWrites: [],
    hostsAdded: ['localhost', 'hmtt-system', 'hmtt-db'],
    targetsAdded: 4,
    targetsChanged: 0,
    targetsUnchanged: 0,
    targetsDropped: 0,
    targetsGone: 0,
    discovery: [],
  });
  expect(area.list().map(({ name }) => name)).toEqual(['hmtt-db', 'hmtt-system', 'localhost', 'ws-1']);
  expect(wanted()).toHaveLength(5);
  const again = value(await load({ fileName: 'p.yml', text: FILE, dryRun: false }, context));
  expect(again).toMatchObject({ hostsAdded: [], targetsAdded: 0, targetsChanged: 0, targetsUnchanged: 4 });
  const faster = FILE.replace('15s', '7s').replace("'localhost:9090'", "'localhost:9090', 'localhost:9093'");
  expect(value(await load({ fileName: 'p.yml', text: faster, dryRun: false }, context))).toMatchObject({
    hostsAdded: [],
    targetsAdded: 1,
    targetsChanged: 4,
    targetsUnchanged: 0,
  });
  stop();
  const second = startOn(folder);
  expect(second.wanted()).toHaveLength(6);
  expect(second.wanted().filter(({ config }) => config.intervalMs === 7_000)).toHaveLength(5);
  second.stop();
});

test('a file with one wrong line changes nothing', async () => {
  const { area, stop, wanted } = startOn(temporaryFolder());
  const refused = error(
    await area.handlers['hosts.importPrometheus'](
      { fileName: '/etc/p.yml', text: `${FILE}  - job_name: x\n    scrape_interval: often\n`, dryRun: false },
      context,
    ),
  );
  expect(refused).toMatchObject({
    code: 'PROMETHEUS_FILE_FIELD',
    line: 9,
    field: 'scrape_configs[2].scrape_interval',
  });
  expect(refused.message.en).toContain('p.yml, line 9');
  expect(area.list()).toHaveLength(1);
  expect(wanted()).toHaveLength(1);
  stop();
});

test('an imported target joins the host that was added by hand at the same address', async () => {
  const { area, stop } = startOn(temporaryFolder());
  value(area.handlers['hosts.add'](input('System', [scrape('node')], { address: 'HMTT-system' }), context));
  const summary = value(
    await area.handlers['hosts.importPrometheus']({ fileName: 'p.yml', text: FILE, dryRun: false }, context),
  );
  expect(summary.hostsAdded).toEqual(['localhost', 'hmtt-db']);
  expect(area.list().find(({ name }) => name === 'System')?.targets).toBe(3);
  stop();
});

/** Hosts app-1 and app-2 behind the switch sw-1. */
test('a listed host is found by its name, or by the address that an import named it after', () => {
  const { area, scraped, stop } = startOn(temporaryFolder());
  const named = input('10.0.0.7', [scrape('node', '10.0.0.7:9100')], { address: '10.0.0.7' });
  const added = area.handlers['hosts.add'](named, context);
  expect(added).toMatchObject({ ok: true });
  scraped('node');
  const plan = area.entries.plan([
    { name: 'db-7', address: '10.0.0.7', tier: 'data', scrapes: [scrape('node', '10.0.0.7:9100')] },
    { name: 'db-8', address: '10.0.0.8', scrapes: [scrape('node', '10.0.0.8:9100')] },
    { name: 'nowhere' },
  ]);
  expect(plan.changes).toEqual([
    { name: 'db-7', action: 'change', fields: ['name', 'tier'], targetsAdded: 0, targetsChanged: 0 },
    { name: 'db-8', action: 'add', fields: [], targetsAdded: 1, targetsChanged: 0 },
  ]);
  expect(plan.refused).toMatchObject([{ name: 'nowhere', error: { code: 'INVENTORY_NO_ADDRESS' } }]);
  area.entries.write(plan);
  area.entries.took(plan);
  expect(area.list()).toMatchObject([
    { name: 'db-8', state: 'not_watched' },
    { name: 'ws-1' },
    { name: 'db-7', id: '10.0.0.7', tier: 'data', state: 'up' },
  ]);
  expect(area.entries.plan([{ name: 'db-7', tier: 'data' }]).changes).toMatchObject([{ action: 'same' }]);
  stop();
});

test('a list without secrets leaves those that a target has, and carries them nowhere else', () => {
  const { area, vault, wanted, stop } = startOn(temporaryFolder());
  const login = { basicAuth: { username: 'prom', password: 'planted-secret' } };
  area.handlers['hosts.add'](input('app-1', [scrape('node', 'app-1:9100', login)]), context);
  const listed = (more: Partial<ScrapeConfig>) =>
    scrape('node', 'app-1:9100', { basicAuth: { username: 'prom' }, ...more });
  const put = (config: ScrapeConfig): void => {
    const plan = value(area.entries.seal(area.entries.plan([{ name: 'app-1', scrapes: [config] }])));
    area.entries.write(plan);
    area.entries.took(plan);
  };
  const password = () => wanted().find(({ config }) => config.job === 'node')?.config.basicAuth?.password;
  put(listed({ intervalMs: 30_000 }));
  expect(vault.open(password() ?? '', 'http://app-1:9100')).toEqual(ok('planted-secret'));
  put(listed({ metricsPath: '/elsewhere' }));
  expect(password()).toBeUndefined();
  expect(vault.status().secrets).toEqual([]);
  stop();
});
