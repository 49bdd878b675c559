import { board, labelVariable, lines, stat, states, text, UP_DOWN } from './parts.ts';

const L = 'instance=~"$instance"';

/** Load balancers by the series of HAProxy (its own, or haproxy_exporter) and of nginx-prometheus-exporter. */
export const balancerBoard = board(
  'hmtt-balancer',
  text('负载均衡', 'Load balancer'),
  text('展示层入口：HAProxy 与 NGINX。', 'Entrance of the presentation tier: HAProxy and NGINX.'),
  ['balancer'],
  [
    labelVariable(
      'instance',
      text('实例', 'Instance'),
      '{__name__=~"haproxy_frontend_current_sessions|haproxy_process_uptime_seconds|haproxy_up|nginx_up"}',
      { multi: true },
    ),
  ],
  [
    {
      panels: [
        states(1, text('状态', 'State'), [0, 0, 24, 4], [[`max by (instance) (up{${L}})`, '{{instance}}']], {
          mappings: UP_DOWN,
        }),
        stat(
          2,
          text('请求 / 秒', 'Requests a second'),
          [0, 4, 8, 4],
          `sum(rate(haproxy_frontend_http_requests_total{${L}}[$__rate_interval]) or rate(nginx_http_requests_total{${L}}[$__rate_interval]))`,
          { unit: 'reqps', color: { mode: 'palette' } },
        ),
        stat(
          3,
          text('连接', 'Connections'),
          [8, 4, 8, 4],
          `sum(haproxy_frontend_current_sessions{${L}} or nginx_connections_active{${L}})`,
          { color: { mode: 'palette' } },
        ),
        stat(
          4,
          text('不可用的后端', 'Servers that are out'),
          [16, 4, 8, 4],
          `count(haproxy_server_up{${L}} == 0 or haproxy_server_status{${L},state="UP"} == 0) or vector(0)`,
          {
            thresholds: {
              steps: [
                { from: null, color: 'ok' },
                { from: 1, color: 'critical' },
              ],
            },
          },
        ),
      ],
    },
    {
      title: 'HAProxy',
      panels: [
        lines(
          10,
          text('响应按状态码', 'Responses by status'),
          [0, 0, 12, 8],
          [
            [
              `sum by (code) (rate(haproxy_frontend_http_responses_total{${L}}[$__rate_interval]))`,
              '{{code}}',
            ],
          ],
          { unit: 'reqps', min: 0 },
        ),
        lines(
          11,
          text('会话', 'Sessions'),
          [12, 0, 12, 8],
          [[`sum by (proxy, frontend) (haproxy_frontend_current_sessions{${L}})`, '{{proxy}}{{frontend}}']],
          { min: 0 },
        ),
        lines(
          12,
          text('排队', 'Queued'),
          [0, 8, 12, 8],
          [[`sum by (proxy, backend) (haproxy_backend_current_queue{${L}})`, '{{proxy}}{{backend}}']],
          { min: 0 },
        ),
        lines(
          13,
          text('后端响应时间', 'Response time of backends'),
          [12, 8, 12, 8],
          [
            [
              `max by (proxy, backend) (haproxy_backend_response_time_average_seconds{${L}} or haproxy_backend_http_response_time_average_seconds{${L}})`,
              '{{proxy}}{{backend}}',
            ],
          ],
          { unit: 's', min: 0 },
        ),
        states(
          14,
          text('后端服务器', 'Servers'),
          [0, 16, 24, 6],
          [
            [
              `max by (proxy, backend, server) (haproxy_server_up{${L}} or haproxy_server_status{${L},state="UP"})`,
              '{{proxy}}{{backend}} {{server}}',
            ],
          ],
          { mappings: UP_DOWN },
        ),
      ],
    },
    {
      title: 'NGINX',
      panels: [
        lines(
          20,
          text('请求', 'Requests'),
          [0, 0, 12, 8],
          [[`rate(nginx_http_requests_total{${L}}[$__rate_interval])`, '{{instance}}']],
          { unit: 'reqps', min: 0 },
        ),
        lines(
          21,
          text('连接', 'Connections'),
          [12, 0, 12, 8],
          [
            [`nginx_connections_active{${L}}`, '{{instance}} active'],
            [`nginx_connections_waiting{${L}}`, '{{instance}} waiting'],
            [`nginx_connections_reading{${L}}`, '{{instance}} reading'],
            [`nginx_connections_writing{${L}}`, '{{instance}} writing'],
          ],
          { min: 0 },
        ),
      ],
    },
  ],
);
