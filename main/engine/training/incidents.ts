import type { TrainingIncident, TrainingIncidentId } from '#shared/contract/training.ts';

type Script = Omit<TrainingIncident, 'since'>;

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
  },
  {
    id: 'disk_filling',
    node: 'app-2',
    title: { zh: '磁盘快满', en: 'A disk fills up' },
    hint: {
      zh: 'app-2 的根分区每秒减少 0.2%。看 node_filesystem_avail_bytes，和“还有多久写满”。',
      en: "app-2's root file system loses 0.2 % a second. Look at node_filesystem_avail_bytes, and when it will be full.",
    },
  },
  {
    id: 'error_burst',
    node: 'app-4',
    title: { zh: '错误突增', en: 'A burst of errors' },
    hint: {
      zh: 'app-4 有四成请求失败，多数是同一个订单。搜索 level:error，看哪个订单号最多。',
      en: 'Four in ten requests of app-4 fail, most of them for one order. Search for level:error and see which order it is.',
    },
  },
  {
    id: 'slow_database',
    node: 'db-1',
    title: { zh: '数据库变慢', en: 'A slow database' },
    hint: {
      zh: 'db-1 的查询慢了 40 倍，所有应用的响应时间跟着变长。先看下游，再看上游。',
      en: "Queries of db-1 take forty times as long, and every application's answers with them. Look at what they depend on first.",
    },
  },
  {
    id: 'clock_drift',
    node: 'app-5',
    title: { zh: '时钟漂移', en: 'A clock drifts' },
    hint: {
      zh: 'app-5 的时钟每秒快 2 秒，日志时间对不上。比较 node_time_seconds 与本机时间。',
      en: 'The clock of app-5 gains two seconds a second, and its log no longer fits the others. Compare node_time_seconds with the time here.',
    },
  },
  {
    id: 'deleted_data',
    node: 'db-1',
    title: { zh: '数据被删', en: 'Data are deleted' },
    hint: {
      zh: 'files/db-1/archive 里的文件没有了。从备份恢复到原处；结束事件不会把它们变回来。',
      en: 'The files of files/db-1/archive are gone. Restore them where they were; ending the incident does not bring them back.',
    },
  },
  {
    id: 'flipped_bytes',
    node: 'db-2',
    title: { zh: '数据悄悄变了', en: 'Bytes are flipped' },
    hint: {
      zh: 'files/db-2/archive 里一个文件变了一个字节，大小和修改时间都没变。只有逐字节比对才能发现：把恢复点与现在比较，或恢复后比较。',
      en: 'One byte of a file in files/db-2/archive is another; size and time are the same. Only a comparison of contents finds it: restore it beside, and compare.',
    },
  },
];

/** The machine that an incident happens on. */
export function nodeOf(id: TrainingIncidentId): string {
  return INCIDENTS.find((one) => one.id === id)?.node ?? '';
}
