import { board, lines, NONE_IS_GOOD, rising, SHARE, stat, text } from './parts.ts';

const C = 'job="hmtt_console"';

/** The console about itself, by its own series. */
export const consoleBoard = board(
  'hmtt-console',
  text('本控制台', 'This console'),
  text(
    '控制台自身：采集、存储、查询与资源占用。',
    'The console itself: scraping, storing, querying, and what it takes of the machine.',
  ),
  ['console'],
  [],
  [
    {
      panels: [
        stat(1, text('运行时间', 'Uptime'), [0, 0, 4, 4], `max(time() - process_start_time_seconds{${C}})`, {
          unit: 's',
          color: { mode: 'palette' },
        }),
        stat(
          2,
          text('正在写入的序列', 'Series being written'),
          [4, 0, 4, 4],
          `max(hmtt_store_series{${C}})`,
          { unit: 'short', color: { mode: 'palette' } },
        ),
        stat(
          3,
          text('序列存储', 'Size of the series store'),
          [8, 0, 4, 4],
          `max(hmtt_store_size_bytes{${C}})`,
          { unit: 'bytes', color: { mode: 'palette' } },
        ),
        stat(
          4,
          text('常驻内存', 'Resident memory'),
          [12, 0, 4, 4],
          `max(process_resident_memory_bytes{${C}})`,
          { unit: 'bytes', thresholds: rising(1.5e9, 3e9) },
        ),
        stat(
          5,
          text('事件循环占用', 'Event loop busy'),
          [16, 0, 4, 4],
          `max(rate(nodejs_eventloop_active_seconds_total{${C}}[$__rate_interval]))`,
          { ...SHARE, thresholds: rising(0.6, 0.9) },
        ),
        stat(
          6,
          text('采集失败 / 分', 'Failed scrapes a minute'),
          [20, 0, 4, 4],
          `sum(rate(hmtt_scrapes_failed_total{${C}}[$__rate_interval])) * 60`,
          { decimals: 1, thresholds: NONE_IS_GOOD },
        ),
      ],
    },
    {
      title: text('采集与存储', 'Scraping and storing'),
      panels: [
        lines(
          10,
          text('采集', 'Scrapes'),
          [0, 0, 12, 8],
          [
            [`rate(hmtt_scrapes_total{${C}}[$__rate_interval])`, 'all'],
            [`rate(hmtt_scrapes_failed_total{${C}}[$__rate_interval])`, 'failed'],
          ],
          { unit: 'cps', min: 0 },
        ),
        lines(
          11,
          text('样本', 'Samples'),
          [12, 0, 12, 8],
          [[`rate(hmtt_scraped_samples_total{${C}}[$__rate_interval])`, 'samples']],
          { unit: 'cps', min: 0 },
        ),
        lines(12, text('序列', 'Series'), [0, 8, 12, 8], [[`hmtt_store_series{${C}}`, 'series']], {
          unit: 'short',
          min: 0,
        }),
        lines(
          13,
          text('存储大小', 'Size on disk'),
          [12, 8, 12, 8],
          [[`hmtt_store_size_bytes{${C}}`, 'bytes']],
          { unit: 'bytes', min: 0 },
        ),
        lines(
          14,
          text('目标与主机', 'Targets and hosts'),
          [0, 16, 12, 8],
          [
            [`hmtt_targets{${C}}`, 'targets'],
            [`hmtt_hosts{${C}}`, '{{state}}'],
          ],
          { min: 0 },
        ),
        lines(15, text('问题', 'Problems'), [12, 16, 12, 8], [[`hmtt_problems{${C}}`, '{{severity}}']], {
          min: 0,
          draw: { line: 'step-after' },
        }),
        lines(
          16,
          text('日志行', 'Log lines'),
          [0, 24, 12, 8],
          [[`hmtt_log_lines_per_second{${C}}`, 'lines']],
          { unit: 'eps', min: 0 },
        ),
        lines(
          17,
          text('进行中的任务', 'Jobs under way'),
          [12, 24, 12, 8],
          [[`hmtt_jobs_running{${C}}`, 'jobs']],
          { min: 0, draw: { line: 'step-after' } },
        ),
      ],
    },
    {
      title: text('资源', 'Resources'),
      panels: [
        lines(
          20,
          text('CPU', 'CPU'),
          [0, 0, 12, 8],
          [[`rate(process_cpu_seconds_total{${C}}[$__rate_interval])`, 'engine']],
          { unit: 'percentunit', min: 0 },
        ),
        lines(
          21,
          text('内存', 'Memory'),
          [12, 0, 12, 8],
          [
            [`process_resident_memory_bytes{${C}}`, 'resident'],
            [`nodejs_heap_size_used_bytes{${C}}`, 'JavaScript heap'],
            [`nodejs_external_memory_bytes{${C}}`, 'outside the heap'],
          ],
          { unit: 'bytes', min: 0 },
        ),
        lines(22, text('打开的文件', 'Open files'), [0, 8, 12, 8], [[`process_open_fds{${C}}`, 'open']], {
          min: 0,
        }),
        lines(
          23,
          text('HTTP 查询', 'Queries over HTTP'),
          [12, 8, 12, 8],
          [
            [`rate(hmtt_queries_total{${C}}[$__rate_interval])`, 'queries/s'],
            [`hmtt_queries_running{${C}}`, 'running'],
            [`hmtt_queries_waiting{${C}}`, 'waiting'],
          ],
          { min: 0 },
        ),
      ],
    },
  ],
);
