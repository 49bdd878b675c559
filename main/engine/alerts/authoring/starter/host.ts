import { MINUTE, ONE, percent, type StarterGroup, value } from './define.ts';

const IDLE = 'node_cpu_seconds_total{mode="idle"}';
const mode = (name: string): string =>
  `100 * avg without (cpu, mode) (rate(node_cpu_seconds_total{mode="${name}"}[5m]))`;

/** Memory, CPU and load of hosts, in node_exporter's names. */
export const hostRules: StarterGroup = {
  name: 'host',
  intervalMs: MINUTE,
  rules: [
    {
      name: 'HostMemoryLow',
      severity: 'warning',
      title: { zh: '内存不足', en: 'Memory is short' },
      summary: {
        zh: `{{ $labels.instance }} 的内存已用 ${ONE}%`,
        en: `Memory of {{ $labels.instance }} is ${ONE} % used`,
      },
      advice: {
        zh: '找出占用内存最多的进程；必要时重启该服务或扩容。',
        en: 'Find the process that uses most of it; restart that service or add memory.',
      },
      values: [percent('percent', '已用内存高于', 'memory used above', 95)],
      forMs: 10 * MINUTE,
      expr: (v) => `100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes) > ${v.percent}`,
    },
    {
      name: 'HostSwapUsed',
      severity: 'warning',
      title: { zh: '交换空间将用尽', en: 'Swap is nearly used up' },
      summary: {
        zh: `{{ $labels.instance }} 的交换空间已用 ${ONE}%`,
        en: `Swap of {{ $labels.instance }} is ${ONE} % used`,
      },
      advice: {
        zh: '内存不够用：找出占用内存最多的进程，避免系统开始终止进程。',
        en: 'Memory does not suffice: find what uses most of it before the system kills processes.',
      },
      values: [percent('percent', '已用交换空间高于', 'swap used above', 80)],
      forMs: 10 * MINUTE,
      expr: (v) =>
        `100 * (1 - node_memory_SwapFree_bytes / (node_memory_SwapTotal_bytes > 0)) > ${v.percent}`,
    },
    {
      name: 'HostOutOfMemory',
      severity: 'critical',
      title: { zh: '系统因内存不足终止了进程', en: 'The system killed a process for want of memory' },
      summary: {
        zh: '{{ $labels.instance }} 因内存不足终止了进程',
        en: '{{ $labels.instance }} killed a process because memory ran out',
      },
      advice: {
        zh: '在系统日志中查找 “Out of memory” 确认是哪个进程，再检查该服务是否已恢复。',
        en: 'Look for "Out of memory" in the system log to see which process it was, and check that its service is back.',
      },
      values: [],
      forMs: 0,
      expr: () => 'increase(node_vmstat_oom_kill[10m]) > 0',
    },
    {
      name: 'HostLoadHigh',
      severity: 'warning',
      title: { zh: '每核负载过高', en: 'Load for each CPU is high' },
      summary: {
        zh: `{{ $labels.instance }} 的每核负载为 ${ONE}`,
        en: `Load of {{ $labels.instance }} is ${ONE} for each CPU`,
      },
      advice: {
        zh: '查看是 CPU、磁盘还是网络在等待，并找出占用最多的进程。',
        en: 'See whether it waits for CPU, disk or network, and which process uses most.',
      },
      values: [
        value('perCpu', 'perCpu', { zh: '每核负载高于', en: 'load for each CPU above' }, [0.1, 2, 100]),
      ],
      forMs: 15 * MINUTE,
      expr: (v) => `node_load5 / count without (cpu, mode) (${IDLE}) > ${v.perCpu}`,
    },
    {
      name: 'HostCpuBusy',
      severity: 'warning',
      title: { zh: 'CPU 持续繁忙', en: 'CPU is busy all the time' },
      summary: {
        zh: `{{ $labels.instance }} 的 CPU 使用率为 ${ONE}%`,
        en: `CPU of {{ $labels.instance }} is ${ONE} % busy`,
      },
      advice: { zh: '找出占用 CPU 最多的进程。', en: 'Find the process that uses most of it.' },
      values: [percent('percent', 'CPU 使用率高于', 'CPU busy above', 95)],
      forMs: 30 * MINUTE,
      expr: (v) => `100 * (1 - avg without (cpu, mode) (rate(${IDLE}[5m]))) > ${v.percent}`,
    },
    {
      name: 'HostCpuSteal',
      severity: 'warning',
      title: { zh: 'CPU 被宿主机抢占', en: 'CPU is taken by the hypervisor' },
      summary: {
        zh: `{{ $labels.instance }} 有 ${ONE}% 的 CPU 时间被宿主机抢占`,
        en: `${ONE} % of the CPU time of {{ $labels.instance }} is taken by the hypervisor`,
      },
      advice: {
        zh: '宿主机过载：迁移虚拟机，或减少同一宿主机上的负载。',
        en: 'The hypervisor is overloaded: move the machine, or reduce what runs beside it.',
      },
      values: [percent('percent', '被抢占时间高于', 'time taken above', 10)],
      forMs: 15 * MINUTE,
      expr: (v) => `${mode('steal')} > ${v.percent}`,
    },
    {
      name: 'HostIoWait',
      severity: 'warning',
      title: { zh: 'CPU 长时间等待磁盘', en: 'CPU waits for disks' },
      summary: {
        zh: `{{ $labels.instance }} 有 ${ONE}% 的 CPU 时间在等待磁盘`,
        en: `${ONE} % of the CPU time of {{ $labels.instance }} is spent waiting for disks`,
      },
      advice: {
        zh: '查看哪块磁盘最忙，以及是否有备份、整理或故障磁盘。',
        en: 'See which disk is busiest, and whether a backup runs or a disk is failing.',
      },
      values: [percent('percent', '等待时间高于', 'waiting above', 30)],
      forMs: 15 * MINUTE,
      expr: (v) => `${mode('iowait')} > ${v.percent}`,
    },
    {
      name: 'HostFilesOpen',
      severity: 'warning',
      title: { zh: '打开的文件接近上限', en: 'Open files are close to the limit' },
      summary: {
        zh: `{{ $labels.instance }} 打开的文件已达上限的 ${ONE}%`,
        en: `{{ $labels.instance }} has ${ONE} % of the open files that it may have`,
      },
      advice: {
        zh: '找出打开文件最多的进程；确认没有泄漏后再提高 fs.file-max。',
        en: 'Find the process with most open files; raise fs.file-max only once it is no leak.',
      },
      values: [percent('percent', '已用文件句柄高于', 'open files above', 80)],
      forMs: 10 * MINUTE,
      expr: (v) => `100 * node_filefd_allocated / node_filefd_maximum > ${v.percent}`,
    },
  ],
};
