import type { ActiveRuleAlert, LiveGroup, LiveRule } from '#shared/contract/rules.ts';
import type { Problem } from '#shared/contract/site.ts';
import { compareText } from '#shared/domain/text-order.ts';
import { jsonPairs, jsonString } from '#shared/units/json-text.ts';
import { type Answer, success } from './answer.ts';
import { goTime } from './go-time.ts';
import type { ApiRequest } from './query-endpoints.ts';
import { ApiRefusal, refuseParameter } from './refusal.ts';
import type { ApiSources } from './sources.ts';

/** `/api/v1/rules`: every group with its rules, their health and their alerts. */
export function rules(sources: ApiSources) {
  return ({ params }: ApiRequest): Answer => {
    const type = params.get('type').toLowerCase();
    if (type !== '' && type !== 'alert' && type !== 'record')
      refuseParameter('type', `not supported value ${JSON.stringify(type)}`);
    refuseUnread(sources);
    const wanted = type === '' ? null : type === 'alert' ? 'alerting' : 'recording';
    return success(groupsJson(sources.ruleGroups(), wanted));
  };
}

/** An empty list would say that there are no rules, or that none fires. */
function refuseUnread({ areRulesRead }: ApiSources): void {
  if (!areRulesRead())
    throw new ApiRefusal('unavailable', 'the console is starting: its rules are not read yet');
}

function* groupsJson(groups: readonly LiveGroup[], wanted: LiveRule['kind'] | null): Iterable<string> {
  yield '{"groups":[';
  for (const [index, group] of groups.entries()) {
    const shown = group.rules.filter(({ kind }) => wanted === null || kind === wanted);
    const members = [
      `"name":${jsonString(group.name)}`,
      `"file":${jsonString(group.file)}`,
      `"rules":[${shown.map(ruleJson).join(',')}]`,
      `"interval":${group.intervalMs / 1000}`,
      `"limit":${group.limit}`,
      ...evaluationJson(group),
    ];
    yield `${index === 0 ? '' : ','}{${members.join(',')}}`;
  }
  yield ']}';
}

/** Go's zero time: there was no evaluation yet. */
const NEVER = '0001-01-01T00:00:00Z';

function evaluationJson({
  evaluationMs,
  lastEvaluation,
}: Pick<LiveRule, 'evaluationMs' | 'lastEvaluation'>): readonly string[] {
  const time = lastEvaluation === null ? NEVER : goTime(lastEvaluation);
  return [`"evaluationTime":${evaluationMs / 1000}`, `"lastEvaluation":"${time}"`];
}

function ruleJson(rule: LiveRule): string {
  const named = [`"name":${jsonString(rule.name)}`, `"query":${jsonString(rule.expr)}`];
  const health = [
    `"health":"${rule.health}"`,
    ...(rule.lastError === null ? [] : [`"lastError":${jsonString(rule.lastError)}`]),
    ...evaluationJson(rule),
  ];
  const labels = recordJson(rule.labels);
  const members =
    rule.kind === 'recording'
      ? [...named, ...(labels === '{}' ? [] : [`"labels":${labels}`]), ...health, '"type":"recording"']
      : [
          `"state":"${rule.state}"`,
          ...named,
          `"duration":${rule.forMs / 1000}`,
          `"keepFiringFor":${rule.keepFiringForMs / 1000}`,
          `"labels":${labels}`,
          `"annotations":${recordJson(rule.annotations)}`,
          `"alerts":[${rule.alerts.map(alertJson).join(',')}]`,
          ...health,
          '"type":"alerting"',
        ];
  return `{${members.join(',')}}`;
}

function alertJson(alert: ActiveRuleAlert): string {
  const { labels, annotations, state, activeAt, keepFiringSince, value } = alert;
  const since = keepFiringSince === null ? '' : `,"keepFiringSince":"${goTime(keepFiringSince)}"`;
  const begin = `{"labels":${recordJson(labels)},"annotations":${recordJson(annotations)}`;
  return `${begin},"state":"${state}","activeAt":"${goTime(activeAt)}"${since},"value":"${value}"}`;
}

/** A record in the order of its names. */
function recordJson(record: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(record).sort(([a], [b]) => compareText(a, b));
  return jsonPairs(sorted.flat());
}

/** `/api/v1/alerts`: the alerts of the rules, and what the built-in conditions find wrong now. */
export function alerts(sources: ApiSources) {
  return (): Answer => {
    refuseUnread(sources);
    const ofRules = sources.ruleGroups().flatMap((group) => group.rules.flatMap((rule) => rule.alerts));
    const list = [...ofRules.map(alertJson), ...sources.problems().map(problemJson)];
    return success(`{"alerts":[${list.join(',')}]}`);
  };
}

function problemJson(problem: Problem): string {
  const annotations = ['description', problem.next.en, 'summary', problem.sentence.en];
  const begin = `{"labels":${recordJson({ ...problem.labels, id: problem.id })},"annotations":${jsonPairs(annotations)}`;
  return `${begin},"state":"firing","activeAt":"${goTime(problem.since)}","value":"1e+00"}`;
}
