import { counter, type Family, type FamilySample, gauge, single } from '../workstation/families.ts';

/** Items of every agent, asked when the starter set is wanted. */
export const STARTER_KEYS: readonly string[] = [
  'system.cpu.load[all,avg1]',
  'system.cpu.load[all,avg5]',
  'system.cpu.load[all,avg15]',
  'vm.memory.size[total]',
  'vm.memory.size[available]',
  'vm.memory.size[free]',
  'vm.memory.size[buffers]',
  'vm.memory.size[cached]',
  'system.swap.size[,total]',
  'system.swap.size[,free]',
  'system.uptime',
  'system.localtime',
  'system.boottime',
  'kernel.maxfiles',
  'system.cpu.switches',
  'system.cpu.intr',
  'proc.num[,,run]',
  'agent.version',
  'system.hostname',
];

/** File systems and network cards, whichever there are. */
export const STARTER_DISCOVERY = [
  {
    key: 'vfs.fs.discovery',
    items: ['vfs.fs.size[{#FSNAME},total]', 'vfs.fs.size[{#FSNAME},free]', 'vfs.fs.inode[{#FSNAME},free]'],
  },
  { key: 'net.if.discovery', items: ['net.if.in[{#IFNAME}]', 'net.if.out[{#IFNAME}]'] },
] as const;

type Of = {
  readonly key: string;
  readonly name: string;
  readonly help: string;
  readonly type?: 'counter' | 'gauge';
};

/** Items that are one series of node_exporter each. */
const SINGLE: readonly Of[] = [
  { key: 'system.cpu.load[all,avg1]', name: 'node_load1', help: '1m load average.' },
  { key: 'system.cpu.load[all,avg5]', name: 'node_load5', help: '5m load average.' },
  { key: 'system.cpu.load[all,avg15]', name: 'node_load15', help: '15m load average.' },
  {
    key: 'vm.memory.size[total]',
    name: 'node_memory_MemTotal_bytes',
    help: 'Memory information field MemTotal_bytes.',
  },
  {
    key: 'vm.memory.size[available]',
    name: 'node_memory_MemAvailable_bytes',
    help: 'Memory information field MemAvailable_bytes.',
  },
  {
    key: 'vm.memory.size[free]',
    name: 'node_memory_MemFree_bytes',
    help: 'Memory information field MemFree_bytes.',
  },
  {
    key: 'vm.memory.size[buffers]',
    name: 'node_memory_Buffers_bytes',
    help: 'Memory information field Buffers_bytes.',
  },
  {
    key: 'vm.memory.size[cached]',
    name: 'node_memory_Cached_bytes',
    help: 'Memory information field Cached_bytes.',
  },
  {
    key: 'system.swap.size[,total]',
    name: 'node_memory_SwapTotal_bytes',
    help: 'Memory information field SwapTotal_bytes.',
  },
  {
    key: 'system.swap.size[,free]',
    name: 'node_memory_SwapFree_bytes',
    help: 'Memory information field SwapFree_bytes.',
  },
  { key: 'system.boottime', name: 'node_boot_time_seconds', help: 'Node boot time, in unixtime.' },
  { key: 'system.localtime', name: 'node_time_seconds', help: 'System time in seconds since epoch (1970).' },
  { key: 'kernel.maxfiles', name: 'node_filefd_maximum', help: 'File descriptor statistics: maximum.' },
  {
    key: 'system.cpu.switches',
    name: 'node_context_switches_total',
    help: 'Total number of context switches.',
    type: 'counter',
  },
  {
    key: 'system.cpu.intr',
    name: 'node_intr_total',
    help: 'Total number of interrupts serviced.',
    type: 'counter',
  },
  { key: 'proc.num[,,run]', name: 'node_procs_running', help: 'Number of processes in runnable state.' },
];

/** Items of something that was discovered: the series, and the label that names the thing. */
const LABELLED = [
  ['vfs.fs.size', 'total', 'node_filesystem_size_bytes', 'mountpoint', 'Filesystem size in bytes.', 'gauge'],
  [
    'vfs.fs.size',
    'free',
    'node_filesystem_avail_bytes',
    'mountpoint',
    'Filesystem space available to non-root users in bytes.',
    'gauge',
  ],
  [
    'vfs.fs.inode',
    'free',
    'node_filesystem_files_free',
    'mountpoint',
    'Filesystem total free file nodes.',
    'gauge',
  ],
  [
    'net.if.in',
    null,
    'node_network_receive_bytes_total',
    'device',
    'Network device statistic receive_bytes.',
    'counter',
  ],
  [
    'net.if.out',
    null,
    'node_network_transmit_bytes_total',
    'device',
    'Network device statistic transmit_bytes.',
    'counter',
  ],
] as const;

/** Writes the values of the starter set under node_exporter's names, so that boards and rules for one serve the other. */
export function starterFamilies(values: ReadonlyMap<string, string>): readonly Family[] {
  const number = (text: string | undefined): number =>
    text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return [
    ...SINGLE.map(({ key, name, help, type }) => single(name, help, number(values.get(key)), type)),
    ...LABELLED.map(([item, mode, name, label, help, type]) => {
      const samples: FamilySample[] = [];
      for (const [key, text] of values) {
        const parameters = key.startsWith(`${item}[`) ? key.slice(item.length + 1, -1) : null;
        if (parameters === null) continue;
        const suffix = mode === null ? '' : `,${mode}`;
        if (!parameters.endsWith(suffix)) continue;
        const thing = parameters.slice(0, parameters.length - suffix.length).replace(/^"(.*)"$/, '$1');
        samples.push({ labels: { [label]: thing }, value: number(text) });
      }
      return (type === 'counter' ? counter : gauge)(name, help, samples);
    }),
  ];
}
