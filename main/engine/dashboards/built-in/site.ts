import { board, lines, NONE_IS_GOOD, rising, SHARE, stat, states, text, UP_DOWN } from './parts.ts';

const REAL_FS = 'fstype!~"squashfs|iso9660|erofs|overlay|tmpfs|devtmpfs|ramfs|nsfs"';

/** The whole site on one page. */
export const siteBoard = board(
  'hmtt-site',
  text('站点总览', 'Site overview'),
  text(
    '整个站点：哪里有问题、各主机的负荷、能否恢复。',
    'The whole site: what is wrong, how busy the hosts are, and whether everything could be restored.',
  ),
  ['site'],
  [],
  [
    {
      panels: [
        stat(1, text('正常目标', 'Targets up'), [0, 0, 4, 4], 'sum(up)', {
          thresholds: { steps: [{ from: null, color: 'ok' }] },
        }),
        stat(2, text('故障目标', 'Targets down'), [4, 0, 4, 4], 'count(up == 0) or vector(0)', {
          thresholds: NONE_IS_GOOD,
        }),
        stat(
          3,
          text('CPU 使用率最高', 'Busiest CPU'),
          [8, 0, 4, 4],
          'max(1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval])))',
          { ...SHARE, thresholds: rising(0.8, 0.95) },
        ),
        stat(
          4,
          text('内存使用率最高', 'Fullest memory'),
          [12, 0, 4, 4],
          'max(1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)',
          { ...SHARE, thresholds: rising(0.85, 0.95) },
        ),
        stat(
          5,
          text('文件系统使用率最高', 'Fullest file system'),
          [16, 0, 4, 4],
          `max(1 - node_filesystem_avail_bytes{${REAL_FS}} / (node_filesystem_size_bytes{${REAL_FS}} > 0))`,
          { ...SHARE, thresholds: rising(0.8, 0.9) },
        ),
        stat(6, text('每轮样本', 'Samples a round'), [20, 0, 4, 4], 'sum(scrape_samples_scraped)', {
          unit: 'short',
          decimals: 2,
          color: { mode: 'palette' },
        }),
        {
          kind: 'alerts',
          id: 7,
          title: text('正在发生的问题', 'What is wrong now'),
          place: { x: 0, y: 4, w: 12, h: 8 },
        },
        {
          kind: 'backups',
          id: 8,
          title: text('恢复信心', 'Restore confidence'),
          place: { x: 12, y: 4, w: 12, h: 8 },
        },
        states(9, text('采集目标', 'Targets'), [0, 12, 24, 8], [['max by (instance) (up)', '{{instance}}']], {
          mappings: UP_DOWN,
        }),
      ],
    },
    {
      title: text('负荷', 'How busy'),
      panels: [
        lines(
          10,
          text('CPU', 'CPU'),
          [0, 0, 12, 8],
          [
            [
              '1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))',
              '{{instance}}',
            ],
          ],
          SHARE,
        ),
        lines(
          11,
          text('内存', 'Memory'),
          [12, 0, 12, 8],
          [
            [
              'max by (instance) (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)',
              '{{instance}}',
            ],
          ],
          SHARE,
        ),
        lines(
          12,
          text('各主机使用率最高的文件系统', 'Fullest file system of each host'),
          [0, 8, 12, 8],
          [
            [
              `max by (instance) (1 - node_filesystem_avail_bytes{${REAL_FS}} / (node_filesystem_size_bytes{${REAL_FS}} > 0))`,
              '{{instance}}',
            ],
          ],
          SHARE,
        ),
        lines(
          13,
          text('网络接收', 'Network, received'),
          [12, 8, 12, 8],
          [
            [
              'sum by (instance) (rate(node_network_receive_bytes_total{device!="lo"}[$__rate_interval]))',
              '{{instance}}',
            ],
          ],
          { unit: 'binBps', min: 0 },
        ),
      ],
    },
    {
      title: text('日志', 'Logs'),
      panels: [
        {
          kind: 'logs',
          id: 20,
          title: text('错误', 'Errors'),
          place: { x: 0, y: 0, w: 24, h: 10 },
          query: 'level>=error',
        },
      ],
    },
  ],
);
