import { firing } from './alerts-firing.ts';
import { history } from './alerts-history.ts';
import { routing } from './alerts-routing.ts';
import { silencing } from './alerts-silencing.ts';

/** 告警页的中文文本。 */
export const alerts = {
  title: '告警',
  summary: '{{critical}} 条严重，{{warning}} 条警告',
  view: '显示方式',
  tabs: {
    label: '告警的各个方面',
    firing: '触发中',
    history: '历史',
    silences: '静默与维护',
    routes: '通知路由',
  },
  severityFilter: '按级别筛选',
  allSeverities: '全部级别',
  noneFiltered: '没有符合筛选条件的告警',
  edit: '修改',
  more: '另有 {{count}} 条',
  who: '姓名',
  by: '操作人',
  since: '开始于',
  lasted: '持续',
  timeHint: '如 2026-11-22 10:15 或 now+2h',
  stateFiring: '触发中',
  stateResolved: '已恢复',
  column: {
    severity: '级别',
    state: '状态',
    sentence: '内容',
    since: '开始',
    until: '结束',
    length: '持续',
    actions: '操作',
  },
  ...firing,
  ...silencing,
  ...routing,
  ...history,
};
