import type { Incident, Phase, Runbook, RunbookStep } from '#shared/contract/recovery-register.ts';
import type { Bilingual } from '#shared/errors/index.ts';

/** Offices of an HMTT site; who holds them is the site's own business. */
const roles = {
  duty: { zh: '值班员', en: 'operator on duty' },
  lead: { zh: '恢复负责人', en: 'recovery lead' },
  system: { zh: '系统管理员', en: 'system administrator' },
  database: { zh: '数据库管理员', en: 'database administrator' },
  network: { zh: '网络管理员', en: 'network administrator' },
  security: { zh: '安全管理员', en: 'security officer' },
  owner: { zh: '业务负责人', en: 'owner of the service' },
} as const satisfies Record<string, Bilingual>;

/** One step as a template writes it down: phase, office, minutes, both titles, and what else there is to say. */
export type Line = readonly [
  phase: 'A' | 'R' | 'C',
  role: keyof typeof roles,
  minutes: number,
  zh: string,
  en: string,
  more?: { readonly body?: Bilingual; readonly command?: string; readonly check?: Bilingual },
];

const phases: Readonly<Record<Line[0], Phase>> = { A: 'activation', R: 'recovery', C: 'reconstitution' };
const empty: Bilingual = { zh: '', en: '' };

/** Makes a template; the ids of its steps stay the same from version to version. */
export function template(
  incident: Incident,
  title: Bilingual,
  purpose: Bilingual,
  lines: readonly Line[],
): Runbook {
  return {
    id: `template-${incident}`,
    incident,
    title,
    purpose,
    plans: [],
    owner: '',
    steps: lines.map(
      ([phase, role, minutes, zh, en, more], index): RunbookStep => ({
        id: `${incident}-${index + 1}`,
        phase: phases[phase],
        title: { zh, en },
        body: more?.body ?? empty,
        role: roles[role],
        assignee: '',
        minutes,
        command: more?.command ?? '',
        check: more?.check ?? empty,
      }),
    ),
  };
}

/** How every plan begins: note the time, look, decide, tell. */
export function opening(what: Bilingual): readonly Line[] {
  return [
    [
      'A',
      'duty',
      5,
      `记下时间，确认${what.zh}`,
      `Note the time and confirm that ${what.en}`,
      {
        body: {
          zh: '在控制台“主机”和“告警”页核对；到机房看指示灯。不要急于重启：先看清楚。',
          en: 'Check the pages Hosts and Alerts, and the lamps in the machine room. Do not restart anything yet: look first.',
        },
        check: { zh: '已写下：几点、哪台、什么现象', en: 'Written down: when, which machine, what is seen' },
      },
    ],
    [
      'A',
      'lead',
      10,
      '决定是否启动本预案，并通知相关人员',
      'Decide whether to activate this plan, and notify everybody concerned',
      {
        body: {
          zh: '联系人在预案末页。电话不通时按顺序找下一位；每次通话记下时间。',
          en: 'The contacts are on the last page. If one does not answer take the next; note the time of each call.',
        },
        check: { zh: '负责人和业务方都已知道', en: 'The lead and the owner of the service know' },
      },
    ],
  ];
}

/** How every plan ends: compare, hand over, go back to normal, learn. */
export const closing: readonly Line[] = [
  [
    'C',
    'owner',
    20,
    '由业务方按清单核对数据与功能',
    'The owner of the service checks data and functions against a list',
    {
      body: {
        zh: '至少：登录、查询一条最新记录、写入一条并查回。对照恢复点的时间，列出需要补录的内容。',
        en: 'At least: log in, find a newest record, write one and find it. Compare with the time of the restore point and list what must be entered again.',
      },
      check: { zh: '业务方签字', en: 'Signed by the owner' },
    },
  ],
  [
    'C',
    'system',
    15,
    '立即做一次全备份，并确认监控与备份计划照常',
    'Make a full backup at once, and see that monitoring and schedules run as before',
    {
      command: 'hmtt backup run 计划名 --type full\nhmtt backup verify 计划名',
      check: { zh: '新的恢复点已校验', en: 'The new restore point is verified' },
    },
  ],
  [
    'C',
    'lead',
    30,
    '宣布结束，保存凭证，写下教训并修订本预案',
    'Declare the end, keep the evidence, write down what was learned and amend this plan',
    {
      body: {
        zh: '实际用时与 RTO、数据时间与 RPO 各差多少；哪一步与预案不符。',
        en: 'How far the time taken was from the RTO and the age of the data from the RPO; which step was not as written.',
      },
    },
  ],
];
