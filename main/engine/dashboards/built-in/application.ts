import { board, labelVariable, lines, SHARE, stat, states, text, UP_DOWN } from './parts.ts';

const A = 'instance=~"$instance"';
const REQUESTS = `{__name__=~"http_requests_total|http_server_requests_seconds_count|tomcat_requestcount_total|tomcat_servlet_request_seconds_count",${A}}`;

/** Application servers by the series of JMX exporter, Micrometer, or any client library of Prometheus. */
export const applicationBoard = board(
  'hmtt-application',
  text('应用服务器', 'Application server'),
  text(
    '业务层：请求、响应时间、JVM 与进程（JMX exporter、Micrometer、Prometheus 客户端库）。',
    'Business tier: requests, response times, JVM and process (JMX exporter, Micrometer, client libraries of Prometheus).',
  ),
  ['application'],
  [
    labelVariable(
      'instance',
      text('实例', 'Instance'),
      '{__name__=~"process_cpu_seconds_total|process_cpu_usage",job!="hmtt_console"}',
      { multi: true },
    ),
  ],
  [
    {
      panels: [
        states(1, text('状态', 'State'), [0, 0, 24, 4], [[`max by (instance) (up{${A}})`, '{{instance}}']], {
          mappings: UP_DOWN,
        }),
        stat(
          2,
          text('请求 / 秒', 'Requests a second'),
          [0, 4, 6, 4],
          `sum(rate(${REQUESTS}[$__rate_interval]))`,
          { unit: 'reqps', color: { mode: 'palette' } },
        ),
        stat(
          3,
          text('出错比例', 'Share of errors'),
          [6, 4, 6, 4],
          `sum(rate({__name__=~"http_requests_total|http_server_requests_seconds_count",${A},status=~"5.."}[$__rate_interval]) or rate(http_requests_total{${A},code=~"5.."}[$__rate_interval])) / sum(rate(${REQUESTS}[$__rate_interval]))`,
          {
            ...SHARE,
            decimals: 2,
            thresholds: {
              steps: [
                { from: null, color: 'ok' },
                { from: 0.01, color: 'warning' },
                { from: 0.05, color: 'critical' },
              ],
            },
          },
        ),
        stat(
          4,
          text('进程运行时间', 'Uptime of the process'),
          [12, 4, 6, 4],
          `min(time() - process_start_time_seconds{${A}})`,
          { unit: 's', color: { mode: 'palette' } },
        ),
        stat(
          5,
          text('常驻内存', 'Resident memory'),
          [18, 4, 6, 4],
          `max(process_resident_memory_bytes{${A}})`,
          { unit: 'bytes', color: { mode: 'palette' } },
        ),
        lines(
          6,
          text('请求', 'Requests'),
          [0, 8, 12, 8],
          [[`sum by (instance) (rate(${REQUESTS}[$__rate_interval]))`, '{{instance}}']],
          { unit: 'reqps', min: 0 },
        ),
        lines(
          7,
          text('响应时间（95%）', 'Response time, 95 %'),
          [12, 8, 12, 8],
          [
            [
              `histogram_quantile(0.95, sum by (instance, le) (rate({__name__=~"http_request_duration_seconds_bucket|http_server_requests_seconds_bucket",${A}}[$__rate_interval])))`,
              '{{instance}}',
            ],
          ],
          { unit: 's', min: 0 },
        ),
      ],
    },
    {
      title: text('JVM', 'JVM'),
      panels: [
        lines(
          10,
          text('堆内存', 'Heap'),
          [0, 0, 12, 8],
          [
            [
              `sum by (instance) ({__name__=~"jvm_memory_bytes_used|jvm_memory_used_bytes",${A},area="heap"})`,
              '{{instance}} used',
            ],
            [
              `sum by (instance) ({__name__=~"jvm_memory_bytes_max|jvm_memory_max_bytes",${A},area="heap"})`,
              '{{instance}} max',
            ],
          ],
          { unit: 'bytes', min: 0 },
        ),
        lines(
          11,
          text('垃圾回收占用时间', 'Time in garbage collection'),
          [12, 0, 12, 8],
          [
            [
              `sum by (instance) (rate({__name__=~"jvm_gc_collection_seconds_sum|jvm_gc_pause_seconds_sum",${A}}[$__rate_interval]))`,
              '{{instance}}',
            ],
          ],
          SHARE,
        ),
        lines(
          12,
          text('线程', 'Threads'),
          [0, 8, 12, 8],
          [
            [
              `sum by (instance) ({__name__=~"jvm_threads_current|jvm_threads_live_threads",${A}})`,
              '{{instance}}',
            ],
          ],
          { min: 0 },
        ),
        lines(
          13,
          text('数据库连接池', 'Connections to databases'),
          [12, 8, 12, 8],
          [
            [
              `sum by (instance) ({__name__=~"hikaricp_connections_active|jdbc_connections_active|tomcat_datasource_numactive",${A}})`,
              '{{instance}}',
            ],
          ],
          { min: 0 },
        ),
      ],
    },
    {
      title: text('进程', 'Process'),
      panels: [
        lines(
          20,
          text('CPU', 'CPU'),
          [0, 0, 12, 8],
          [[`rate(process_cpu_seconds_total{${A}}[$__rate_interval])`, '{{instance}}']],
          { unit: 'percentunit', min: 0 },
        ),
        lines(
          21,
          text('常驻内存', 'Resident memory'),
          [12, 0, 12, 8],
          [[`process_resident_memory_bytes{${A}}`, '{{instance}}']],
          { unit: 'bytes', min: 0 },
        ),
        lines(
          22,
          text('打开的文件', 'Open files'),
          [0, 8, 12, 8],
          [[`process_open_fds{${A}}`, '{{instance}}']],
          { min: 0 },
        ),
        {
          kind: 'logs',
          id: 23,
          title: text('错误日志', 'Error lines'),
          place: { x: 12, y: 8, w: 12, h: 8 },
          query: 'level>=error',
        },
      ],
    },
  ],
);
