import { runbook } from './runbook.ts';

/**
 * A site document with an entry in each section, written by hand: what is left out has its default, and secrets stand in clear, as
 * nobody but a person writes them.
 *
 * @param root a folder of this machine, for paths that exist
 */
export function wholeConfiguration(root: string) {
  return {
    format: 'hmtt-site',
    version: 3,
    hosts: [
      {
        name: 'app-1',
        address: '10.0.0.1',
        tier: 'business',
        owner: 'ops',
        targets: [
          { job: 'node', address: '10.0.0.1:9100', basicAuth: { username: 'scrape', password: 'pw-scrape' } },
        ],
      },
      { name: 'sw-1', address: '10.0.0.254' },
    ],
    components: [{ name: 'tomcat', host: 'app-1' }],
    links: [{ from: 'app-1', to: 'sw-1', protocol: '1GbE', dependsOn: 'network' }],
    jobs: [
      {
        settings: { job: 'listed', bearerToken: 'pw-job' },
        listed: [{ targets: ['10.0.0.9:9100'], labels: {} }],
      },
    ],
    site: [{ siteName: '一号站', classification: 'internal' }],
    secrets: [{ name: 'db-readonly', text: 'pw-named' }],
    sshLogins: [
      {
        id: 'login-1',
        name: 'jump',
        host: '10.0.0.1',
        user: 'ops',
        auth: { kind: 'password', password: 'pw-ssh' },
        via: 'login-2',
      },
      { id: 'login-2', name: 'gate', host: '10.0.0.2', user: 'ops', auth: { kind: 'agent' } },
    ],
    sshHostKeys: [{ host: '10.0.0.1', port: 22, type: 'ssh-ed25519', fingerprint: 'SHA256:abc' }],
    prometheusImports: [
      {
        fileName: '/etc/prometheus.yml',
        importedAt: 1,
        evaluationIntervalMs: 30_000,
        externalLabels: { site: 'one' },
        ruleFiles: ['rules/*.yml'],
      },
    ],
    ruleFiles: [
      { name: 'own.yml', text: 'groups: [{name: g, rules: [{alert: A, expr: up == 0}]}]\n', enabled: true },
    ],
    rulePolicies: [{ file: 'own.yml', group: 'g', rule: 'A', policy: { noData: 'ok' } }],
    starterRules: [{ rule: 'DiskInodesLow', enabled: false }],
    channels: [
      {
        id: 'mail-1',
        name: 'mail',
        settings: {
          type: 'smtp',
          host: 'mail.site',
          port: 25,
          security: 'none',
          from: 'hmtt@mail.site',
          to: ['ops@mail.site'],
          login: { username: 'hmtt', password: 'pw-mail' },
        },
      },
    ],
    contacts: [{ id: 'contact-1', name: 'Li', via: [{ channel: 'mail-1', to: null }] }],
    rotas: [
      {
        id: 'rota-1',
        name: 'shift',
        timeZone: 'Asia/Shanghai',
        shifts: [
          {
            name: 'day',
            weekdays: [1],
            from: '08:00',
            to: '20:00',
            teams: [['contact-1']],
            turnStart: '2026-01-05',
          },
        ],
      },
    ],
    notification: [
      {
        route: { receiver: 'people' },
        receivers: [{ name: 'people', targets: [{ kind: 'contact', contact: 'contact-1' }] }],
        inhibitRules: [],
        timeIntervals: [],
        settings: {
          flapping: { enabled: true, openings: 5, windowMs: 600_000, calmMs: 600_000 },
          dependencies: { enabled: true, waitMs: 20_000 },
          historyDays: 365,
          lateAfterMs: 600_000,
        },
      },
    ],
    maintenances: [
      {
        id: 'maintenance-1',
        name: 'weekly',
        matchers: [{ name: 'host', op: '=', value: 'app-1' }],
        schedule: { kind: 'recurring', cron: '0 2 * * 0', durationMs: 3_600_000 },
        by: 'ops',
        createdAt: 1,
      },
    ],
    checks: [
      { host: 'app-1', name: 'ssh port', what: { kind: 'tcp', host: '10.0.0.1', port: 22 } },
      { host: null, name: 'own ssh port', what: { kind: 'tcp', host: '127.0.0.1', port: 22 } },
    ],
    logSources: [
      { id: 'src-1', name: 'app', path: `${root}/app.log`, host: 'app-1' },
      { id: 'src-2', name: 'far', path: '/var/log/far/*.log', host: 'sw-1' },
    ],
    logReceivers: [{ id: 'receiver-1', name: 'syslog', protocol: 'udp', port: 5514 }],
    logPipelines: [
      { name: 'first', position: 1, steps: [{ kind: 'drop' }] },
      { name: 'second', position: 2, steps: [] },
    ],
    maskingRules: [
      {
        id: 'mask-1',
        kind: 'pattern',
        name: 'order numbers',
        pattern: 'order=(\\d+)',
        replacement: '***',
        atIngest: false,
        atExport: true,
      },
    ],
    logOutputs: [{ name: 'elastic', servers: ['http://10.0.0.7:9200'], apiKey: 'pw-elastic', paused: true }],
    logSearchServer: [
      {
        kind: 'server',
        server: { servers: ['http://10.0.0.8:9200'], indices: 'hmtt-*', apiKey: 'pw-search' },
      },
    ],
    savedSearches: [{ name: 'errors', query: 'level>=error', note: '', counted: true }],
    logSilences: [{ source: 'src-1', afterMs: 600_000 }],
    watchdog: [{ everyMs: 20_000 }],
    rotationPolicies: [{ name: 'app', paths: [`${root}/app.log`], when: { schedule: '0 0 * * *' } }],
    logRetention: [{ defaultDays: 200, lockDays: 180 }],
    logStreams: [
      { stream: 'hmtt-error', days: 400, hold: { who: 'audit', why: 'case 1', since: 1, until: null } },
    ],
    backupPlans: [
      {
        name: 'core',
        sources: [root],
        targetDir: '/nowhere/backups',
        rpoMs: 3_600_000,
        rtoMs: 7_200_000,
        schedules: [{ cron: '0 1 * * *', type: 'full' }],
        hooks: { before: 'sync' },
      },
    ],
    backupPools: [{ name: 'usb', cycleDays: 14 }],
    backupKeys: [],
    risks: [
      {
        id: 'risk-1',
        kind: 'hardware',
        title: { zh: '磁盘故障', en: 'disk' },
        likelihood: 3,
        impact: 4,
        measures: { zh: '', en: '' },
        owner: 'ops',
        reviewAt: null,
      },
    ],
    environment: [{ id: 'item-1', kind: 'contact', name: 'vendor', detail: '', reach: '110', place: '' }],
    objectives: [{ dataClass: 'core', rpoMs: 3_600_000, rtoMs: 7_200_000, owner: 'ops' }],
    runbooks: [runbook({ id: 'runbook-1', owner: 'ops' })],
    drillPlans: [{ plan: 'core', schedule: '0 3 * * 0', everyDays: 90, scratchDir: null, appCheck: null }],
    dashboards: [{ format: 'hmtt-dashboard', version: 1, uid: 'own', title: { zh: '自有', en: 'Own' } }],
    reports: [
      {
        id: 'report-1',
        name: 'weekly',
        cron: '0 6 * * 1',
        dashboards: [{ uid: 'own' }],
        folder: root,
      },
    ],
    metricsRetention: [{ days: 60, classes: [], maxBytes: null }],
    metricsLimits: [{ perTarget: 10_000, total: 500_000 }],
    remoteWrites: [{ name: 'central', url: 'http://10.0.0.6:8428/api/v1/write', bearerToken: 'pw-remote' }],
    remoteLimits: [{ maxBytes: 1_073_741_824 }],
    metricsSource: [{ kind: 'local' }],
    httpApi: [{ enabled: false, address: '127.0.0.1', port: 9099 }],
  };
}

/** The secrets that stand in it. */
export const SECRETS = [
  ...['pw-scrape', 'pw-job', 'pw-named', 'pw-ssh', 'pw-mail', 'pw-elastic', 'pw-search', 'pw-remote'],
] as const;
