import type { TrainingIncident, TrainingIncidentId } from '#shared/contract/training.ts';

type Script = Omit<TrainingIncident, 'since'>;

const charts = (...expressions: readonly string[]): string =>
  `/metrics?${expressions.map((expression) => `expr=${encodeURIComponent(expression)}`).join('&')}&range=15m`;
const perCall = (name: string): string => `rate(${name}_sum[1m]) / rate(${name}_count[1m])`;

/** The search that the lesson about logs is about, with the fields beside it. */
export const ERROR_SEARCH = '/logs?q=level%3Aerror&fields=1';

/** Every incident: what happens, on which machine, and where it is to be found. */
export const INCIDENTS: readonly Script[] = [
  {
    id: 'node_down',
    node: 'app-3',
    title: { zh: '节点宕机', en: 'A node goes down' },
    hint: {
      zh: 'app-3 不再应答。一分钟内应有告警；主机页看状态条，日志里它不再写入。',
      en: 'app-3 answers no more. There is an alert within a minute; the host page shows since when, and its log stands still.',
    },
    link: '/alerts',
  },
  {
    id: 'disk_filling',
    node: 'app-2',
    title: { zh: '磁盘快满', en: 'A disk fills up' },
    hint: {
      zh: 'app-2 的根分区每秒少 2%。看剩余空间的曲线；超过 90% 时有告警。',
      en: "app-2's root file system loses 2 % a second. Look at the curve of what is left; above 90 % there is an alert.",
    },
    link: charts('node_filesystem_avail_bytes{instance="app-2"}'),
  },
  {
    id: 'error_burst',
    node: 'app-4',
    title: { zh: '错误突增', en: 'A burst of errors' },
    hint: {
      zh: 'app-4 有四成请求失败，多数是同一个订单。搜索 level:error，在“字段统计”里展开 order。',
      en: 'Four in ten requests of app-4 fail, most of them for one order. Search for level:error, and open "order" among the fields.',
    },
    link: ERROR_SEARCH,
  },
  {
    id: 'slow_database',
    node: 'db-1',
    title: { zh: '数据库变慢', en: 'A slow database' },
    hint: {
      zh: 'db-1 的查询慢了 40 倍，所有应用的响应时间跟着变长。先看下游，再看上游。',
      en: "Queries of db-1 take forty times as long, and every application's answers with them. Look at what they depend on first.",
    },
    link: charts(perCall('db_query_duration_seconds'), perCall('http_request_duration_seconds')),
  },
  {
    id: 'clock_drift',
    node: 'app-5',
    title: { zh: '时钟漂移', en: 'A clock drifts' },
    hint: {
      zh: 'app-5 的时钟每秒快 2 秒，日志时间对不上。告警写明它快多少；主机页也有。',
      en: 'The clock of app-5 gains two seconds a second, and its log no longer fits the others. An alert says how far it is ahead, and so does the host page.',
    },
    link: '/alerts',
  },
  {
    id: 'deleted_data',
    node: 'db-1',
    title: { zh: '数据被删', en: 'Data are deleted' },
    hint: {
      zh: 'files/db-1/archive 里的文件没有了。从恢复点恢复到原来的位置；排除故障不会把它们变回来。',
      en: 'The files of files/db-1/archive are gone. Restore them where they were; ending the incident does not bring them back.',
    },
    link: '/recovery',
  },
  {
    id: 'flipped_bytes',
    node: 'db-2',
    title: { zh: '数据悄悄变了', en: 'Bytes are flipped' },
    hint: {
      zh: 'files/db-2/archive 里一个文件变了一个字节，大小和修改时间都没变。只有比较内容才能发现：恢复到原来的位置，选“总是用备份中的替换”，预览中“更新”的就是它。',
      en: 'One byte of a file in files/db-2/archive is another; size and time are the same. Only a comparison of contents finds it: restore to the original location, always replacing, and the preview counts it under Update.',
    },
    link: '/recovery',
  },
];

/** The machine that an incident happens on. */
export function nodeOf(id: TrainingIncidentId): string {
  return INCIDENTS.find((one) => one.id === id)?.node ?? '';
}
