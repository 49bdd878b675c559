import { DESKTOP_CHANNEL } from '#shared/contract/notice.ts';
import type { ImportRemark } from '#shared/contract/notify.ts';
import type { InhibitRule, Matcher, NotifyConfig, Receiver, Route } from '#shared/contract/notify-config.ts';
import { readMatcher } from '#shared/domain/alert-matchers.ts';
import { matcherFault } from '../notify/matchers.ts';
import { isFault, readYaml, type YamlView } from '../rules/yaml-view.ts';
import { type ReadChannel, type ReadReceiver, readReceivers } from './read-receivers.ts';
import { readTimeIntervals } from './read-times.ts';
import { ConfigReader, type Fields } from './reader.ts';

/** What an alertmanager.yml says, or everything that is wrong with it. */
export type ImportedConfig =
  | {
      readonly ok: true;
      /** With the desktop in the place of channels that are not made yet. */
      readonly config: NotifyConfig;
      readonly leftOut: readonly ImportRemark[];
      readonly channels: readonly ReadChannel[];
      /** The configuration with channels that were made for receivers. */
      readonly withChannels: (
        made: readonly { readonly receiver: string; readonly channel: string | null }[],
      ) => NotifyConfig;
    }
  | { readonly ok: false; readonly problems: readonly ImportRemark[] };

const ROOT = [
  'global',
  'templates',
  'route',
  'receivers',
  'inhibit_rules',
  'mute_time_intervals',
  'time_intervals',
];
const GLOBAL_READ = ['smtp_from', 'smtp_smarthost', 'smtp_require_tls', 'smtp_auth_username'];
const GLOBAL_SILENT = [...GLOBAL_READ, 'resolve_timeout'];
const GLOBAL_LEFT =
  'smtp_hello smtp_auth_password smtp_auth_password_file smtp_auth_secret smtp_auth_identity slack_api_url slack_api_url_file pagerduty_url opsgenie_api_key opsgenie_api_key_file opsgenie_api_url wechat_api_url wechat_api_secret wechat_api_corp_id victorops_api_key victorops_api_key_file victorops_api_url telegram_api_url webex_api_url http_config'.split(
    ' ',
  );
const ROUTE =
  'receiver group_by match match_re matchers mute_time_intervals active_time_intervals continue routes group_wait group_interval repeat_interval'.split(
    ' ',
  );
const INHIBIT =
  'source_match source_match_re source_matchers target_match target_match_re target_matchers equal'.split(
    ' ',
  );
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const MOST_PROBLEMS = 200;
/** What Alertmanager waits when its configuration does not say. */
const DEFAULTS = { groupWaitMs: 30_000, groupIntervalMs: 300_000, repeatIntervalMs: 4 * 3_600_000 };

/**
 * Reads an alertmanager.yml as Alertmanager 0.25 does: strictly, whole, with every problem named. What the file says nothing of
 * (how the console deals with dependencies, flapping and history) stays as it is.
 */
export function importAlertmanager(text: string, current: NotifyConfig): ImportedConfig {
  const reader = new ConfigReader();
  const view = readYaml(text);
  if (view !== null && isFault(view)) return refused([faultOf(view.line, view.message)]);
  if (view === null) return refused([faultOf(1, 'no route provided in config')]);
  const root = reader.fields(view, ROOT, 'config');
  const global = readGlobal(reader, root);
  const templates = root.get('templates');
  if (templates !== undefined && reader.items(templates).length > 0)
    reader.leave(templates.line, 'templates', {
      zh: '模板未导入：通知内容由控制台书写',
      en: 'templates are left out: the console writes its notices itself',
    });
  const { intervals, names } = readTimeIntervals(reader, [
    root.get('mute_time_intervals'),
    root.get('time_intervals'),
  ]);
  const receivers = readReceivers(reader, root.get('receivers'), global);
  const context = { reader, intervals: names, receivers: new Set(receivers.map(({ name }) => name)) };
  const route = root.get('route');
  if (route === undefined) reader.wrong(view.line, 'route', { zh: '没有 route', en: 'no routes provided' });
  const tree = route === undefined ? null : readRoute(context, route.value, 0);
  if (route !== undefined && tree !== null) checkRoot(reader, route.line, tree);
  const inhibitRules = reader.items(root.get('inhibit_rules')).map((each) => readInhibit(reader, each));
  if (tree === null || reader.problems.length > 0) return refused(reader.problems);
  const withChannels = (
    made: readonly { readonly receiver: string; readonly channel: string | null }[],
  ): NotifyConfig => ({
    ...current,
    route: { ...tree, ...withDefaults(tree) },
    receivers: receivers.map((receiver) => receiverOf(receiver, made)),
    inhibitRules,
    timeIntervals: [...intervals],
  });
  return {
    ok: true,
    config: withChannels([]),
    leftOut: reader.leftOut,
    channels: receivers.flatMap(({ channels }) => channels),
    withChannels,
  };
}

const faultOf = (line: number, message: string): ImportRemark => ({
  line,
  field: '',
  text: { zh: message, en: message },
});

function refused(problems: readonly ImportRemark[]): ImportedConfig {
  return { ok: false, problems: problems.slice(0, MOST_PROBLEMS) };
}

function withDefaults(route: Route): Partial<Route> {
  return {
    groupBy: route.groupBy ?? [],
    groupWaitMs: route.groupWaitMs ?? DEFAULTS.groupWaitMs,
    groupIntervalMs: route.groupIntervalMs ?? DEFAULTS.groupIntervalMs,
    repeatIntervalMs: route.repeatIntervalMs ?? DEFAULTS.repeatIntervalMs,
  };
}

/** A receiver that names somebody must not become one that names nobody: this workstation stands in. */
function receiverOf(
  { name, channels, hasMore, sendResolved }: ReadReceiver,
  made: readonly { readonly receiver: string; readonly channel: string | null }[],
): Receiver {
  const own = made.filter(({ receiver }) => receiver === name).flatMap(({ channel }) => channel ?? []);
  const isShort = own.length < channels.length || (channels.length === 0 && hasMore);
  const ids = isShort ? [...own, DESKTOP_CHANNEL] : own;
  return { name, sendResolved, targets: ids.map((channel) => ({ kind: 'channel', channel, to: null })) };
}

function readGlobal(reader: ConfigReader, root: Fields): Fields {
  const entry = root.get('global');
  if (entry === undefined) return new Map();
  const fields = reader.fields(entry.value, [...GLOBAL_SILENT, ...GLOBAL_LEFT], 'global');
  for (const [name, { line }] of fields)
    if (GLOBAL_LEFT.includes(name))
      reader.leave(line, `global.${name}`, {
        zh: `${name} 未导入`,
        en: `${name} is left out`,
      });
  return fields;
}

type RouteContext = {
  readonly reader: ConfigReader;
  readonly intervals: ReadonlyMap<string, readonly string[]>;
  readonly receivers: ReadonlySet<string>;
};

const DEEPEST = 16;

function readRoute(context: RouteContext, view: YamlView, depth: number): Route {
  const { reader } = context;
  const fields = reader.fields(view, ROUTE, 'route');
  const receiver = reader.text(fields.get('receiver')?.value, 'receiver');
  if (receiver !== '' && !context.receivers.has(receiver))
    reader.wrong(fields.get('receiver')?.line ?? view.line, 'receiver', {
      zh: `没有接收方“${receiver}”`,
      en: `undefined receiver "${receiver}" used in route`,
    });
  if (depth > DEEPEST)
    reader.wrong(view.line, 'routes', { zh: '路由嵌套太深', en: 'routes are nested too deeply' });
  const times = (field: string): readonly string[] =>
    reader.texts(fields.get(field)).flatMap(({ line, text }) => {
      const known = context.intervals.get(text);
      if (known === undefined)
        reader.wrong(line, field, {
          zh: `没有时间段“${text}”`,
          en: `undefined time interval "${text}" used in route`,
        });
      return known ?? [];
    });
  return {
    title: '',
    receiver: receiver === '' ? null : receiver,
    matchers: readMatcherFields(reader, fields, ['match', 'match_re', 'matchers']),
    continue: reader.flag(fields.get('continue'), false),
    groupBy: readGroupBy(reader, fields),
    groupWaitMs: reader.duration(fields.get('group_wait'), true),
    groupIntervalMs: reader.duration(fields.get('group_interval'), false),
    repeatIntervalMs: reader.duration(fields.get('repeat_interval'), false),
    muteTimes: times('mute_time_intervals'),
    activeTimes: times('active_time_intervals'),
    escalation: null,
    routes:
      depth > DEEPEST
        ? []
        : reader.items(fields.get('routes')).map((each) => readRoute(context, each, depth + 1)),
  };
}

function readGroupBy(reader: ConfigReader, fields: Fields): readonly string[] | null {
  const entry = fields.get('group_by');
  if (entry === undefined) return null;
  const names = reader.texts(entry);
  const seen = new Set<string>();
  for (const { line, text } of names) {
    if (text !== '...' && !LABEL_NAME.test(text))
      reader.wrong(line, 'group_by', {
        zh: `${text} 不是标签名`,
        en: `invalid label name "${text}" in group_by list`,
      });
    if (seen.has(text))
      reader.wrong(line, 'group_by', {
        zh: `标签 ${text} 重复`,
        en: `duplicated label "${text}" in group_by`,
      });
    if (text === '...' && names.length > 1)
      reader.wrong(line, 'group_by', {
        zh: '“...”不能与其他标签并用',
        en: 'cannot have wildcard group_by (`...`) and other labels at the same time',
      });
    seen.add(text);
  }
  // As in Alertmanager, an empty list takes over what the route above has.
  return names.length === 0 ? null : names.map(({ text }) => text);
}

function readMatcherFields(
  reader: ConfigReader,
  fields: Fields,
  [equal, expression, list]: readonly [string, string, string],
): readonly Matcher[] {
  const matchers: Matcher[] = [];
  const add = (line: number, field: string, matcher: Matcher): void => {
    const why = LABEL_NAME.test(matcher.name)
      ? matcherFault(matcher)
      : `invalid label name "${matcher.name}"`;
    if (why !== null) reader.wrong(line, field, { zh: `条件有误：${why}`, en: why });
    matchers.push(matcher);
  };
  for (const [field, op] of [
    [equal, '='],
    [expression, '=~'],
  ] as const) {
    const entry = fields.get(field);
    if (entry === undefined) continue;
    if (entry.value.kind !== 'map') {
      reader.wrong(entry.line, field, { zh: `${field} 应为键值对`, en: `${field} must be a map` });
      continue;
    }
    for (const { key, line, value } of entry.value.entries)
      add(line, field, { name: key, op, value: reader.text(value, key) });
  }
  for (const { line, text } of reader.texts(fields.get(list))) {
    const read = readMatcher(text);
    if ('wrong' in read) reader.wrong(line, list, { zh: `条件有误：${read.wrong}`, en: read.wrong });
    else add(line, list, read);
  }
  return matchers;
}

function readInhibit(reader: ConfigReader, view: YamlView): InhibitRule {
  const fields = reader.fields(view, INHIBIT, 'inhibit_rule');
  const source = [
    ...readMatcherFields(reader, fields, ['source_match', 'source_match_re', 'source_matchers']),
  ];
  const target = [
    ...readMatcherFields(reader, fields, ['target_match', 'target_match_re', 'target_matchers']),
  ];
  for (const [side, matchers] of [
    ['source_matchers', source],
    ['target_matchers', target],
  ] as const)
    if (matchers.length === 0)
      reader.wrong(view.line, side, {
        zh: `抑制规则没有 ${side}：它会针对所有告警`,
        en: `inhibit rule without ${side} would mean every alert`,
      });
  return { title: '', source, target, equal: reader.texts(fields.get('equal')).map(({ text }) => text) };
}

function checkRoot(reader: ConfigReader, line: number, root: Route): void {
  if (root.receiver === null)
    reader.wrong(line, 'route.receiver', {
      zh: '默认路由没有接收方',
      en: 'root route must specify a default receiver',
    });
  if (root.matchers.length > 0)
    reader.wrong(line, 'route.matchers', {
      zh: '默认路由不能有条件',
      en: 'root route must not have any matchers',
    });
  if (root.muteTimes.length > 0 || root.activeTimes.length > 0)
    reader.wrong(line, 'route.mute_time_intervals', {
      zh: '默认路由不能按时间静音',
      en: 'root route must not have any mute or active time intervals',
    });
  if (root.continue)
    reader.wrong(line, 'route.continue', {
      zh: '默认路由不能有 continue',
      en: 'cannot have continue in root route',
    });
}
