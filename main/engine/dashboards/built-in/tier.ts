import { board, labelVariable, lines, rising, SHARE, stat, states, text, UP_DOWN } from './parts.ts';

/** Keeps the series of the chosen tiers: which host stands in which tier is a series of the console. */
const inTier = (expr: string): string => `(${expr}) and on (instance) hmtt_host_info{tier=~"$tier"}`;
const REAL_FS = 'fstype!~"squashfs|iso9660|erofs|overlay|tmpfs|devtmpfs|ramfs|nsfs"';

/** The hosts of one tier beside each other. */
export const tierBoard = board(
  'hmtt-tier',
  text('层级', 'Tier'),
  text(
    '同一层（展示层、业务层、数据层）的主机并列比较。',
    'The hosts of one tier (presentation, business, data) beside each other.',
  ),
  ['tier'],
  [labelVariable('tier', text('层级', 'Tier'), 'hmtt_host_info', { multi: true })],
  [
    {
      panels: [
        stat(1, text('目标', 'Targets'), [0, 0, 6, 4], `count(${inTier('up')})`, {
          color: { mode: 'palette' },
        }),
        stat(2, text('正常比例', 'Share that is up'), [6, 0, 6, 4], `avg(${inTier('up')})`, {
          ...SHARE,
          thresholds: {
            steps: [
              { from: null, color: 'critical' },
              { from: 0.5, color: 'warning' },
              { from: 1, color: 'ok' },
            ],
          },
        }),
        stat(
          3,
          text('CPU 平均使用率', 'CPU, mean'),
          [12, 0, 6, 4],
          `avg(${inTier('1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))')})`,
          { ...SHARE, thresholds: rising(0.8, 0.95) },
        ),
        stat(
          4,
          text('内存最高', 'Memory, highest'),
          [18, 0, 6, 4],
          `max(${inTier('1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes')})`,
          { ...SHARE, thresholds: rising(0.85, 0.95) },
        ),
        states(
          5,
          text('状态', 'State'),
          [0, 4, 24, 6],
          [[inTier('max by (instance) (up)'), '{{instance}}']],
          { mappings: UP_DOWN },
        ),
        lines(
          6,
          text('CPU', 'CPU'),
          [0, 10, 12, 8],
          [
            [
              inTier('1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))'),
              '{{instance}}',
            ],
          ],
          SHARE,
        ),
        lines(
          7,
          text('内存', 'Memory'),
          [12, 10, 12, 8],
          [
            [
              inTier('max by (instance) (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)'),
              '{{instance}}',
            ],
          ],
          SHARE,
        ),
        lines(
          8,
          text('使用率最高的文件系统', 'Fullest file system'),
          [0, 18, 12, 8],
          [
            [
              inTier(
                `max by (instance) (1 - node_filesystem_avail_bytes{${REAL_FS}} / (node_filesystem_size_bytes{${REAL_FS}} > 0))`,
              ),
              '{{instance}}',
            ],
          ],
          SHARE,
        ),
        lines(
          9,
          text('网络', 'Network'),
          [12, 18, 12, 8],
          [
            [
              inTier(
                'sum by (instance) (rate(node_network_receive_bytes_total{device!="lo"}[$__rate_interval]))',
              ),
              '{{instance}} received',
            ],
            [
              inTier(
                'sum by (instance) (rate(node_network_transmit_bytes_total{device!="lo"}[$__rate_interval]))',
              ),
              '{{instance}} sent',
            ],
          ],
          { unit: 'binBps', min: 0 },
        ),
        lines(
          10,
          text('负载 / 核心', 'Load per core'),
          [0, 26, 12, 8],
          [
            [
              inTier(
                'max by (instance) (node_load5) / count by (instance) (node_cpu_seconds_total{mode="idle"})',
              ),
              '{{instance}}',
            ],
          ],
          { decimals: 2, min: 0 },
        ),
        lines(
          11,
          text('磁盘忙碌', 'Busiest disk'),
          [12, 26, 12, 8],
          [
            [
              inTier('max by (instance) (rate(node_disk_io_time_seconds_total[$__rate_interval]))'),
              '{{instance}}',
            ],
          ],
          SHARE,
        ),
      ],
    },
  ],
);
