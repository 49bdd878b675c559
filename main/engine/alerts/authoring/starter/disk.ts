import { REAL_FILESYSTEM } from '../form-to-rule.ts';
import { selectorText } from '../promql-text.ts';
import { HOUR, MINUTE, ONE, percent, type StarterGroup, value } from './define.ts';

const real = (metric: string): string => selectorText(metric, [REAL_FILESYSTEM]);
/** The console forecasts the disk of its own data folder itself. */
const others = (metric: string): string =>
  selectorText(metric, [REAL_FILESYSTEM, { label: 'job', op: '!=', value: 'this-workstation' }]);

/**
 * File systems. That one is nearly full is told by the built-in condition `disk_full`: it knows the hosts, says how many bytes
 * are left, and needs no rule to be right on the first minute.
 */
export const diskRules: StarterGroup = {
  name: 'disk',
  intervalMs: MINUTE,
  rules: [
    {
      name: 'HostDiskFilling',
      severity: 'warning',
      title: { zh: '磁盘将在一天内写满', en: 'A disk will be full within a day' },
      summary: {
        zh: '{{ $labels.instance }} 的磁盘 {{ $labels.mountpoint }} 按目前速度将在一天内写满',
        en: 'Disk {{ $labels.mountpoint }} of {{ $labels.instance }} will be full within a day at the present rate',
      },
      advice: {
        zh: '趁还有空间：查看是哪些日志或数据在增长，清理或扩容。',
        en: 'While there is room: look which logs or data are growing, and free or add space.',
      },
      values: [
        value(
          'hours',
          'hours',
          { zh: '预计写满时间少于', en: 'forecast to be full in less than' },
          [1, 24, 720],
        ),
        percent('free', '仅当剩余空间低于', 'only when free space is below', 50),
      ],
      forMs: HOUR,
      // Below a tenth the built-in condition speaks.
      expr: (v) => {
        const avail = others('node_filesystem_avail_bytes');
        return `predict_linear(${avail}[6h], ${v.hours} * 3600) <= 0
and 100 * ${avail} / ${others('node_filesystem_size_bytes')} < ${v.free}
and 100 * ${avail} / ${others('node_filesystem_size_bytes')} >= 10
and ${others('node_filesystem_readonly')} == 0`;
      },
    },
    {
      name: 'DiskInodesLow',
      severity: 'warning',
      title: { zh: '磁盘的 inode 将用尽', en: 'A disk runs out of inodes' },
      summary: {
        zh: `{{ $labels.instance }} 的磁盘 {{ $labels.mountpoint }} 的 inode 已用 ${ONE}%`,
        en: `Disk {{ $labels.mountpoint }} of {{ $labels.instance }} has used ${ONE} % of its inodes`,
      },
      advice: {
        zh: '小文件过多：查找文件最多的目录（会话、缓存、邮件队列）并清理。',
        en: 'Too many small files: find the folder with most of them (sessions, caches, mail queues) and clean it up.',
      },
      values: [percent('percent', '已用 inode 高于', 'inodes used above', 90)],
      forMs: 10 * MINUTE,
      expr: (v) =>
        `100 * (1 - ${real('node_filesystem_files_free')} / (${real('node_filesystem_files')} > 0)) > ${v.percent}`,
    },
    {
      name: 'DiskReadOnly',
      severity: 'critical',
      title: { zh: '文件系统变为只读', en: 'A file system is read-only' },
      summary: {
        zh: '{{ $labels.instance }} 的文件系统 {{ $labels.mountpoint }} 为只读',
        en: 'File system {{ $labels.mountpoint }} of {{ $labels.instance }} is read-only',
      },
      advice: {
        zh: '内核常因磁盘错误改为只读：先查系统日志与磁盘健康，确认备份后再修复。',
        en: 'The kernel often does this after disk errors: read the system log, check the disk, and make sure of the backup before a repair.',
      },
      values: [],
      forMs: 5 * MINUTE,
      expr: () => 'node_filesystem_readonly{fstype=~"ext[234]|xfs|btrfs|zfs|f2fs|jfs"} == 1',
    },
  ],
};
