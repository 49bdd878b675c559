import type { Silence } from '#shared/contract/notify-silences.ts';
import type { Problem } from '#shared/contract/site.ts';
import { showLabels } from '#shared/domain/alert-matchers.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import { roughly } from '../roughly.ts';
import type { LabelSet } from './matchers.ts';
import type { CompiledRoute } from './routing.ts';

const two = (number: number): string => String(number).padStart(2, '0');

/** A moment in the workstation's time, as both languages read it. */
export function clockTime(at: number): string {
  const time = new Date(at);
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

const withColon = (text: string): string => (text === '' ? '' : `：${text}`);
const inBrackets = (text: string): string => (text === '' ? '' : ` (${text})`);

/** Why an alert is not told of, in one sentence. */
export const causeText = {
  silence: ({ by, comment, endsAt }: Pick<Silence, 'by' | 'comment' | 'endsAt'>): Bilingual => ({
    zh: `已静默：${comment}（${by}，到 ${clockTime(endsAt)}）`,
    en: `Silenced: ${comment} (${by}, until ${clockTime(endsAt)})`,
  }),
  maintenance: (name: string, until: number): Bilingual => ({
    zh: `在维护窗口“${name}”之内，到 ${clockTime(until)}`,
    en: `In maintenance "${name}" until ${clockTime(until)}`,
  }),
  inhibition: (source: Bilingual): Bilingual => ({
    zh: `被另一条告警抑制：${source.zh}`,
    en: `Inhibited by another alert: ${source.en}`,
  }),
  dependency: (name: string, cause: Bilingual): Bilingual => ({
    zh: `位于故障的 ${name} 之后：${cause.zh}`,
    en: `Behind ${name}, which is dead: ${cause.en}`,
  }),
  hostDead: (death: Bilingual): Bilingual => ({
    zh: `所在主机已不应答，由主机告警说明：${death.zh}`,
    en: `Its host does not answer, which another alert says: ${death.en}`,
  }),
  acknowledged: (by: string, note: string): Bilingual => ({
    zh: `${by} 已确认${withColon(note)}`,
    en: `Acknowledged by ${by}${note === '' ? '' : `: ${note}`}`,
  }),
  flapping: (openings: number, windowMs: number): Bilingual => ({
    zh: `反复触发：${roughly(windowMs).zh.trim()}内触发了 ${openings} 次；平稳之前不再逐次通知`,
    en: `Flapping: opened ${openings} times within ${roughly(windowMs).en}; single changes are not told until it calms down`,
  }),
  muteTime: (name: string): Bilingual => ({
    zh: `路由此时不通知（时间段“${name}”）`,
    en: `Its route is silent at this time (time interval "${name}")`,
  }),
  waiting: (until: number): Bilingual => ({
    zh: `等到 ${clockTime(until)}：主机或它之前的设备可能才是原因`,
    en: `Waiting until ${clockTime(until)}: its host, or what stands in front of it, may be the cause`,
  }),
};

function routeName({ title, path }: CompiledRoute): Bilingual {
  if (title !== '') return { zh: `“${title}”`, en: `"${title}"` };
  if (path.length === 0) return { zh: '默认路由', en: 'the default route' };
  const place = path.map((index) => index + 1).join('.');
  return { zh: `路由 ${place}`, en: `route ${place}` };
}

/** A rule's value (`3.8e+01`, as Prometheus writes it) as people write it; `NaN` and infinities as they are. */
function plainValue(value: string): string {
  const number = Number(value);
  return value !== '' && Number.isFinite(number) ? String(number) : value;
}

/** What happened to an alert, in one sentence each. */
export const traceText = {
  observed: ({ alert, condition }: Problem): Bilingual =>
    alert === undefined
      ? { zh: `内置检查 ${condition} 发现异常`, en: `The built-in check ${condition} found it` }
      : {
          zh: `规则组“${alert.group}”（${alert.file}）的表达式自此时成立，值为 ${plainValue(alert.value)}`,
          en: `The expression of the rule in group "${alert.group}" (${alert.file}) holds since then; its value is ${plainValue(alert.value)}`,
        },
  opened: (problem: Problem): Bilingual => ({
    zh: `告警触发：${problem.sentence.zh}`,
    en: `The alert fires: ${problem.sentence.en}`,
  }),
  openedAgain: (openings: number): Bilingual => ({
    zh: `再次触发（第 ${openings} 次）`,
    en: `It fires again (time ${openings})`,
  }),
  ended: { zh: '告警恢复', en: 'The alert has ended' },
  endedUntold: { zh: '告警恢复，此前没有通知过任何人', en: 'The alert has ended before anybody was told' },
  endedWhileFlapping: {
    zh: '条件不再成立；因反复触发，暂不通知恢复',
    en: 'The condition holds no more; since it flaps, that is not told yet',
  },
  calm: { zh: '已平稳', en: 'It has calmed down' },
  routed: (route: CompiledRoute, labels: LabelSet, condition: string): Bilingual => ({
    zh: `${routeName(route).zh}（${condition}）选中，接收方“${route.receiver}”，分组 ${showLabels(labels)}`,
    en: `Taken by ${routeName(route).en} (${condition}), receiver "${route.receiver}", group ${showLabels(labels)}`,
  }),
  waiting: (until: number): Bilingual => ({
    zh: `与同组的其他告警一起等到 ${clockTime(until)}`,
    en: `Waits with others of its group until ${clockTime(until)}`,
  }),
  unsuppressed: (cause: Bilingual): Bilingual => ({
    zh: `不再成立：${cause.zh}`,
    en: `No longer so: ${cause.en}`,
  }),
  unacknowledged: (by: string): Bilingual => ({
    zh: `${by} 撤销了确认`,
    en: `${by} took the acknowledgement back`,
  }),
  notice: (kind: Bilingual, receiver: string, alerts: number): Bilingual => ({
    zh: `${kind.zh}通知交给接收方“${receiver}”，同一通知共 ${alerts} 条告警`,
    en: `${kind.en} notice for receiver "${receiver}", ${alerts} alerts in it`,
  }),
  noTargets: (receiver: string): Bilingual => ({
    zh: `接收方“${receiver}”没有通知对象：按配置不通知任何人`,
    en: `Receiver "${receiver}" names nobody: by configuration nobody is told`,
  }),
  nobodyFound: (receiver: string): Bilingual => ({
    zh: `接收方“${receiver}”此时找不到任何人，改发到本机通知`,
    en: `Receiver "${receiver}" leads to nobody at this time; this workstation is told instead`,
  }),
  escalated: (step: number, afterMs: number, receiver: string): Bilingual => ({
    zh: `${roughly(afterMs).zh.trim()}无人确认，升级第 ${step} 级，接收方“${receiver}”`,
    en: `Nobody acknowledged within ${roughly(afterMs).en}: escalation step ${step}, receiver "${receiver}"`,
  }),
  endNotTold: (receiver: string): Bilingual => ({
    zh: `接收方“${receiver}”不接收恢复通知`,
    en: `Receiver "${receiver}" is not told of ends`,
  }),
  restarted: {
    zh: '控制台重新启动，等待与已发通知照旧',
    en: 'The console was started again; waits and notices go on as they were',
  },
  delivery: (
    state: string,
    channel: string,
    to: string | null,
    attempt: number,
    error: Bilingual | null,
  ): Bilingual => {
    const where = to === null ? channel : `${channel} → ${to}`;
    const word = DELIVERY[state] ?? { zh: state, en: state };
    return {
      zh: `${where}：${word.zh}（第 ${attempt} 次）${withColon(error?.zh ?? '')}`,
      en: `${where}: ${word.en} (attempt ${attempt})${inBrackets(error?.en ?? '')}`,
    };
  },
};

const DELIVERY: Readonly<Record<string, Bilingual>> = {
  delivered: { zh: '已送达', en: 'delivered' },
  retrying: { zh: '未送达，将重试', en: 'not delivered, will be tried again' },
  failed: { zh: '送达失败', en: 'failed' },
  dropped: { zh: '队列已满，被丢弃', en: 'dropped, the queue was full' },
};
