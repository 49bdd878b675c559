import type { ConfigProblem } from '#shared/contract/notify.ts';
import type { Matcher, NotifyConfig, Route, TimeSpan } from '#shared/contract/notify-config.ts';
import { isTimeZone } from '#shared/domain/zone-offset.ts';
import { matcherFault } from './matchers.ts';

/** Deeper trees are nobody's intention. */
const DEEPEST = 16;
const MOST_ROUTES = 2_000;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

type Note = (path: string, zh: string, en: string) => void;

/** What is wrong with a configuration besides its form; nothing when it can be taken. */
export function checkConfig(
  config: NotifyConfig,
  /** Whether a channel, contact or rota is known; null: cannot be told. */
  isKnown: (target: NotifyConfig['receivers'][number]['targets'][number]) => boolean,
): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const note: Note = (path, zh, en) => problems.push({ path, text: { zh, en } });
  checkReceivers(config, isKnown, note);
  checkIntervals(config, note);
  const names = {
    receivers: new Set(config.receivers.map(({ name }) => name)),
    intervals: new Set(config.timeIntervals.map(({ name }) => name)),
  };
  checkRoot(config.route, note);
  const count = { routes: 0 };
  checkRoute(config.route, 'route', 0, names, count, note);
  if (count.routes > MOST_ROUTES)
    note('route', `路由超过 ${MOST_ROUTES} 条`, `more than ${MOST_ROUTES} routes`);
  for (const [index, { source, target }] of config.inhibitRules.entries()) {
    checkMatchers(source, `inhibitRules.${index}.source`, note);
    checkMatchers(target, `inhibitRules.${index}.target`, note);
  }
  return problems;
}

function checkReceivers(
  { receivers }: NotifyConfig,
  isKnown: Parameters<typeof checkConfig>[1],
  note: Note,
): void {
  const seen = new Set<string>();
  for (const [index, { name, targets }] of receivers.entries()) {
    const path = `receivers.${index}`;
    if (seen.has(name)) note(`${path}.name`, `接收方“${name}”重名`, `receiver "${name}" is there twice`);
    seen.add(name);
    for (const [at, target] of targets.entries())
      if (!isKnown(target))
        note(
          `${path}.targets.${at}`,
          `接收方“${name}”的通知对象不存在`,
          `receiver "${name}" names a target that does not exist`,
        );
  }
}

function checkIntervals({ timeIntervals }: NotifyConfig, note: Note): void {
  const seen = new Set<string>();
  for (const [index, { name, zone, spans }] of timeIntervals.entries()) {
    const path = `timeIntervals.${index}`;
    if (seen.has(name)) note(`${path}.name`, `时间段“${name}”重名`, `time interval "${name}" is there twice`);
    seen.add(name);
    if (zone !== null && !isTimeZone(zone))
      note(`${path}.zone`, `不认识的时区 ${zone}`, `unknown time zone ${zone}`);
    for (const [at, span] of spans.entries())
      for (const [member, why] of spanFaults(span)) note(`${path}.spans.${at}.${member}`, why.zh, why.en);
  }
}

type Fault = readonly [string, { readonly zh: string; readonly en: string }];

function spanFaults(span: TimeSpan): readonly Fault[] {
  const bounds = { times: [0, 1440], weekdays: [0, 6], months: [1, 12], years: [1970, 9999] } as const;
  const faults: Fault[] = [];
  for (const [member, [least, most]] of Object.entries(bounds) as [keyof typeof bounds, [number, number]][])
    for (const { from, to } of span[member]) {
      const isWrong = from < least || to > most || (member === 'times' ? from >= to : from > to);
      if (isWrong)
        faults.push([
          member,
          { zh: `${from} 至 ${to} 不是有效范围`, en: `${from} to ${to} is no valid range` },
        ]);
    }
  for (const { from, to } of span.daysOfMonth)
    if (!isDay(from) || !isDay(to) || (from > 0 === to > 0 && from > to) || (from < 0 && to > 0))
      faults.push([
        'daysOfMonth',
        { zh: `${from} 至 ${to} 不是有效日期`, en: `${from} to ${to} are no valid days` },
      ]);
  return faults;
}

const isDay = (day: number): boolean => day !== 0 && Math.abs(day) <= 31;

function checkRoot(root: Route, note: Note): void {
  if (root.receiver === null)
    note('route.receiver', '默认路由必须有接收方', 'the default route must have a receiver');
  if (root.matchers.length > 0)
    note(
      'route.matchers',
      '默认路由接受一切告警，不能有条件',
      'the default route takes every alert; it has no matchers',
    );
  if (root.continue)
    note('route.continue', '默认路由之后没有路由', 'there is no route after the default route');
  if (root.muteTimes.length + root.activeTimes.length > 0)
    note('route.muteTimes', '默认路由不能按时间静音', 'the default route cannot be muted by time');
}

function checkRoute(
  route: Route,
  path: string,
  depth: number,
  names: { readonly receivers: ReadonlySet<string>; readonly intervals: ReadonlySet<string> },
  count: { routes: number },
  note: Note,
): void {
  count.routes += 1;
  if (depth > DEEPEST) {
    note(path, `路由嵌套超过 ${DEEPEST} 层`, `routes are nested more than ${DEEPEST} deep`);
    return;
  }
  const checkReceiver = (name: string, at: string): void => {
    if (!names.receivers.has(name)) note(at, `没有接收方“${name}”`, `there is no receiver "${name}"`);
  };
  if (route.receiver !== null) checkReceiver(route.receiver, `${path}.receiver`);
  for (const [index, { receiver }] of (route.escalation ?? []).entries())
    checkReceiver(receiver, `${path}.escalation.${index}.receiver`);
  for (const list of ['muteTimes', 'activeTimes'] as const)
    for (const name of route[list])
      if (!names.intervals.has(name))
        note(`${path}.${list}`, `没有时间段“${name}”`, `there is no time interval "${name}"`);
  const groupBy = route.groupBy ?? [];
  if (groupBy.includes('...') && groupBy.length > 1)
    note(`${path}.groupBy`, '“...”不能与其他标签并用', '"..." cannot stand beside other labels');
  for (const name of groupBy)
    if (name !== '...' && !LABEL_NAME.test(name))
      note(`${path}.groupBy`, `${name} 不是标签名`, `${name} is no label name`);
  if (new Set(groupBy).size < groupBy.length)
    note(`${path}.groupBy`, '分组标签重复', 'a label to group by is there twice');
  checkMatchers(route.matchers, `${path}.matchers`, note);
  for (const [index, child] of route.routes.entries())
    checkRoute(child, `${path}.routes.${index}`, depth + 1, names, count, note);
}

/** Notes what is wrong with matchers. */
function checkMatchers(matchers: readonly Matcher[], path: string, note: Note): void {
  for (const [index, matcher] of matchers.entries()) {
    if (!LABEL_NAME.test(matcher.name))
      note(`${path}.${index}.name`, `${matcher.name} 不是标签名`, `${matcher.name} is no label name`);
    const wrong = matcherFault(matcher);
    if (wrong !== null)
      note(`${path}.${index}.value`, `正则表达式有误：${wrong}`, `the expression is wrong: ${wrong}`);
  }
}
