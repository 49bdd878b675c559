import { bars, board, labelVariable, lines, rising, SHARE, stat, states, text, UP_DOWN } from './parts.ts';

const H = 'instance=~"$host"';
/** File systems with space of their own. */
const REAL_FS = 'fstype!~"squashfs|iso9660|erofs|overlay|tmpfs|devtmpfs|ramfs|nsfs"';
const USED_FS = `1 - node_filesystem_avail_bytes{${H},${REAL_FS}} / (node_filesystem_size_bytes{${H},${REAL_FS}} > 0)`;
const CPU = `1 - avg by (instance) (rate(node_cpu_seconds_total{${H},mode="idle"}[$__rate_interval]))`;
const MEMORY = `1 - node_memory_MemAvailable_bytes{${H}} / node_memory_MemTotal_bytes{${H}}`;
const CARDS = 'device!~"lo|veth.*|docker.*|br-.*|ifb.*"';

/** One host by node_exporter's series, or this workstation by its own, which have the same names. */
export const hostBoard = board(
  'hmtt-host',
  text('主机', 'Host'),
  text(
    '一台主机的 CPU、内存、磁盘与网络；已停用的主机在其有数据的时间范围内同样可选。',
    'Processor, memory, disks and network of one host. A host that is gone can be chosen in every range in which it has data.',
  ),
  ['host'],
  [labelVariable('host', text('主机', 'Host'), 'node_boot_time_seconds', { by: 'instance' })],
  [
    {
      panels: [
        stat(
          1,
          text('运行时间', 'Uptime'),
          [0, 0, 4, 4],
          `max(node_time_seconds{${H}} - node_boot_time_seconds{${H}})`,
          { unit: 's' },
        ),
        stat(2, text('CPU', 'CPU'), [4, 0, 4, 4], CPU, { ...SHARE, thresholds: rising(0.8, 0.95) }),
        stat(3, text('内存', 'Memory'), [8, 0, 4, 4], MEMORY, { ...SHARE, thresholds: rising(0.85, 0.95) }),
        stat(4, text('文件系统使用率最高', 'Fullest file system'), [12, 0, 4, 4], `max(${USED_FS})`, {
          ...SHARE,
          thresholds: rising(0.8, 0.9),
        }),
        stat(
          5,
          text('负载 / 核心', 'Load per core'),
          [16, 0, 4, 4],
          `max(node_load5{${H}}) / count(node_cpu_seconds_total{${H},mode="idle"})`,
          { decimals: 2, thresholds: rising(1, 2) },
        ),
        stat(6, text('内存总量', 'Memory in all'), [20, 0, 4, 4], `max(node_memory_MemTotal_bytes{${H}})`, {
          unit: 'bytes',
          color: { mode: 'palette' },
        }),
        states(7, text('状态', 'State'), [0, 4, 24, 4], [[`max by (job) (up{${H}})`, '{{job}}']], {
          mappings: UP_DOWN,
        }),
      ],
    },
    {
      title: text('CPU 与内存', 'CPU and memory'),
      panels: [
        lines(
          10,
          text('CPU 使用率', 'CPU by mode'),
          [0, 0, 12, 8],
          [
            [
              `sum by (mode) (rate(node_cpu_seconds_total{${H},mode!="idle"}[$__rate_interval])) / scalar(count(node_cpu_seconds_total{${H},mode="idle"}))`,
              '{{mode}}',
            ],
          ],
          { ...SHARE, draw: { stack: 'normal', fill: 40 } },
        ),
        lines(
          11,
          text('负载', 'Load'),
          [12, 0, 12, 8],
          [
            [`node_load1{${H}}`, '1 min'],
            [`node_load5{${H}}`, '5 min'],
            [`node_load15{${H}}`, '15 min'],
          ],
          { decimals: 2, min: 0 },
        ),
        lines(
          12,
          text('内存', 'Memory'),
          [0, 8, 12, 8],
          [
            [`node_memory_MemTotal_bytes{${H}} - node_memory_MemAvailable_bytes{${H}}`, 'used'],
            [`node_memory_MemAvailable_bytes{${H}}`, 'available'],
            [`node_memory_MemTotal_bytes{${H}}`, 'total'],
          ],
          { unit: 'bytes', min: 0 },
        ),
        lines(
          13,
          text('交换空间', 'Swap'),
          [12, 8, 12, 8],
          [
            [`node_memory_SwapTotal_bytes{${H}} - node_memory_SwapFree_bytes{${H}}`, 'used'],
            [`node_memory_SwapTotal_bytes{${H}}`, 'total'],
          ],
          { unit: 'bytes', min: 0 },
        ),
      ],
    },
    {
      title: text('磁盘', 'Disks'),
      panels: [
        bars(20, text('文件系统占用', 'File systems'), [0, 0, 8, 8], [[USED_FS, '{{mountpoint}}']], {
          ...SHARE,
          thresholds: rising(0.8, 0.9),
        }),
        lines(
          21,
          text('可用空间', 'Free space'),
          [8, 0, 16, 8],
          [[`node_filesystem_avail_bytes{${H},${REAL_FS}}`, '{{mountpoint}}']],
          { unit: 'bytes', min: 0 },
        ),
        lines(
          22,
          text('读写', 'Read and written'),
          [0, 8, 12, 8],
          [
            [`sum by (device) (rate(node_disk_read_bytes_total{${H}}[$__rate_interval]))`, '{{device}} read'],
            [
              `sum by (device) (rate(node_disk_written_bytes_total{${H}}[$__rate_interval]))`,
              '{{device}} written',
            ],
          ],
          { unit: 'binBps', min: 0 },
        ),
        lines(
          23,
          text('磁盘忙碌', 'Time that disks are busy'),
          [12, 8, 12, 8],
          [[`rate(node_disk_io_time_seconds_total{${H}}[$__rate_interval])`, '{{device}}']],
          SHARE,
        ),
        lines(
          24,
          text('空闲 inode', 'Free inodes'),
          [0, 16, 12, 8],
          [
            [
              `node_filesystem_files_free{${H},${REAL_FS}} / (node_filesystem_files{${H},${REAL_FS}} > 0)`,
              '{{mountpoint}}',
            ],
          ],
          SHARE,
        ),
        lines(
          25,
          text('打开的文件', 'Open files'),
          [12, 16, 12, 8],
          [[`node_filefd_allocated{${H}}`, 'open']],
          { min: 0 },
        ),
      ],
    },
    {
      title: text('网络', 'Network'),
      panels: [
        lines(
          30,
          text('接收', 'Received'),
          [0, 0, 12, 8],
          [
            [
              `sum by (device) (rate(node_network_receive_bytes_total{${H},${CARDS}}[$__rate_interval]))`,
              '{{device}}',
            ],
          ],
          { unit: 'binBps', min: 0 },
        ),
        lines(
          31,
          text('发送', 'Sent'),
          [12, 0, 12, 8],
          [
            [
              `sum by (device) (rate(node_network_transmit_bytes_total{${H},${CARDS}}[$__rate_interval]))`,
              '{{device}}',
            ],
          ],
          { unit: 'binBps', min: 0 },
        ),
        lines(
          32,
          text('错误与丢弃', 'Errors and drops'),
          [0, 8, 12, 8],
          [
            [
              `sum by (device) (rate(node_network_receive_errs_total{${H},${CARDS}}[$__rate_interval]) + rate(node_network_transmit_errs_total{${H},${CARDS}}[$__rate_interval]))`,
              '{{device}} errors',
            ],
            [
              `sum by (device) (rate(node_network_receive_drop_total{${H},${CARDS}}[$__rate_interval]))`,
              '{{device}} dropped',
            ],
          ],
          { unit: 'pps', min: 0 },
        ),
        lines(
          33,
          text('上下文切换', 'Context switches'),
          [12, 8, 12, 8],
          [[`rate(node_context_switches_total{${H}}[$__rate_interval])`, 'switches']],
          { unit: 'ops', min: 0 },
        ),
      ],
    },
    {
      title: text('日志', 'Logs'),
      folded: true,
      panels: [
        {
          kind: 'logs',
          id: 40,
          title: text('该主机的日志', "The host's log lines"),
          place: { x: 0, y: 0, w: 24, h: 10 },
          query: 'host:"$host"',
        },
      ],
    },
  ],
);
