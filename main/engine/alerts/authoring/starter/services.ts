import { MINUTE, ONE, percent, type StarterDefinition, type StarterGroup, value } from './define.ts';

/** A service that its own exporter does not reach. */
function down(name: string, service: string, expr: string): StarterDefinition {
  return {
    name,
    severity: 'critical',
    title: { zh: `${service} 没有应答`, en: `${service} does not answer` },
    summary: {
      zh: `{{ $labels.instance }} 的 ${service} 没有应答`,
      en: `${service} of {{ $labels.instance }} does not answer`,
    },
    advice: {
      zh: `查看 ${service} 是否在运行以及它的日志；再确认采集账号的密码没有变。`,
      en: `See whether ${service} runs, read its log, and check that the exporter's password is still right.`,
    },
    values: [],
    forMs: MINUTE,
    expr: () => expr,
  };
}

/** Connections of a database. */
function connections(name: string, service: string, expr: string): StarterDefinition {
  return {
    name,
    severity: 'warning',
    title: { zh: `${service} 连接数接近上限`, en: `${service} runs out of connections` },
    summary: {
      zh: `{{ $labels.instance }} 的 ${service} 连接已用 ${ONE}%`,
      en: `${ONE} % of the connections of ${service} on {{ $labels.instance }} are used`,
    },
    advice: {
      zh: '查看哪些客户端占用连接；先处理泄漏，再考虑提高上限。',
      en: 'See which clients hold them; stop a leak before the limit is raised.',
    },
    values: [percent('percent', '已用连接高于', 'connections used above', 80)],
    forMs: 5 * MINUTE,
    expr: (v) => `${expr} > ${v.percent}`,
  };
}

/** PostgreSQL, MariaDB, Redis, HAProxy and nginx, in the names of their usual exporters; silent where there is none. */
export const serviceRules: StarterGroup = {
  name: 'services',
  intervalMs: MINUTE,
  rules: [
    down('PostgresDown', 'PostgreSQL', 'pg_up == 0'),
    connections(
      'PostgresConnections',
      'PostgreSQL',
      '100 * sum by (job, instance) (pg_stat_activity_count) / sum by (job, instance) (pg_settings_max_connections)',
    ),
    {
      name: 'PostgresReplicationLag',
      severity: 'warning',
      title: { zh: 'PostgreSQL 复制延迟', en: 'A PostgreSQL replica is behind' },
      summary: {
        zh: '{{ $labels.instance }} 的复制延迟 {{ humanizeDuration $value }}',
        en: 'The replica on {{ $labels.instance }} is {{ humanizeDuration $value }} behind',
      },
      advice: {
        zh: '检查主备之间的网络、磁盘和复制进程；延迟期间切换会丢数据。',
        en: 'Check network, disks and the replication process; a switch-over would lose data meanwhile.',
      },
      values: [value('seconds', 'seconds', { zh: '延迟超过', en: 'behind by more than' }, [1, 60, 86_400])],
      forMs: 5 * MINUTE,
      expr: (v) =>
        `pg_replication_lag_seconds > ${v.seconds} and on (job, instance) pg_replication_is_replica == 1`,
    },
    down('MysqlDown', 'MariaDB/MySQL', 'mysql_up == 0'),
    connections(
      'MysqlConnections',
      'MariaDB/MySQL',
      '100 * mysql_global_status_threads_connected / mysql_global_variables_max_connections',
    ),
    {
      name: 'MysqlReplicationStopped',
      severity: 'critical',
      title: { zh: 'MariaDB/MySQL 复制已停止', en: 'MariaDB/MySQL replication has stopped' },
      summary: {
        zh: '{{ $labels.instance }} 的 MariaDB/MySQL 复制已停止',
        en: 'MariaDB/MySQL replication on {{ $labels.instance }} has stopped',
      },
      advice: {
        zh: '在从库运行 SHOW REPLICA STATUS 查看错误，修复后再启动复制。',
        en: 'Run SHOW REPLICA STATUS on the replica, correct the error and start it again.',
      },
      values: [],
      forMs: MINUTE,
      expr: () => 'mysql_slave_status_slave_sql_running == 0 or mysql_slave_status_slave_io_running == 0',
    },
    down('RedisDown', 'Redis', 'redis_up == 0'),
    {
      name: 'RedisMemoryFull',
      severity: 'warning',
      title: { zh: 'Redis 内存将用尽', en: 'Redis runs out of memory' },
      summary: {
        zh: `{{ $labels.instance }} 的 Redis 内存已用 ${ONE}%`,
        en: `Redis on {{ $labels.instance }} has used ${ONE} % of its memory`,
      },
      advice: {
        zh: '查看淘汰策略与大键；提高 maxmemory 前先确认主机内存足够。',
        en: 'Look at the eviction policy and large keys; make sure of the host before maxmemory is raised.',
      },
      values: [percent('percent', '已用内存高于', 'memory used above', 90)],
      forMs: 5 * MINUTE,
      expr: (v) => `100 * redis_memory_used_bytes / (redis_memory_max_bytes > 0) > ${v.percent}`,
    },
    down('HaproxyDown', 'HAProxy', 'haproxy_up == 0'),
    {
      name: 'HaproxyBackendDown',
      severity: 'critical',
      title: { zh: 'HAProxy 后端没有可用服务器', en: 'A HAProxy backend has no server left' },
      summary: {
        zh: '{{ $labels.instance }} 的 HAProxy 后端 {{ $labels.proxy }} 没有可用服务器',
        en: 'HAProxy backend {{ $labels.proxy }} of {{ $labels.instance }} has no server left',
      },
      advice: {
        zh: '用户已无法访问该服务：检查后端主机与健康检查地址。',
        en: 'Users cannot reach it: check the hosts behind it and the address of the health check.',
      },
      values: [],
      forMs: MINUTE,
      expr: () => 'haproxy_backend_active_servers == 0',
    },
    {
      name: 'HaproxyServerDown',
      severity: 'warning',
      title: { zh: 'HAProxy 有服务器被摘除', en: 'HAProxy took a server out' },
      summary: {
        zh: 'HAProxy 后端 {{ $labels.proxy }} 中的服务器 {{ $labels.server }} 已被摘除',
        en: 'Server {{ $labels.server }} of HAProxy backend {{ $labels.proxy }} is out of service',
      },
      advice: {
        zh: '检查该服务器上的应用与健康检查地址。',
        en: 'Check the application on it and the address of the health check.',
      },
      values: [],
      forMs: 2 * MINUTE,
      expr: () => 'haproxy_server_status{state="DOWN"} == 1',
    },
    {
      name: 'HaproxyServerErrors',
      severity: 'warning',
      title: { zh: 'HAProxy 后端返回错误', en: 'A HAProxy backend answers with errors' },
      summary: {
        zh: `HAProxy 后端 {{ $labels.proxy }} 有 ${ONE}% 的应答为 5xx`,
        en: `${ONE} % of the answers of HAProxy backend {{ $labels.proxy }} are 5xx`,
      },
      advice: { zh: '查看该后端的应用日志。', en: 'Read the log of the application behind it.' },
      values: [percent('percent', '5xx 应答高于', '5xx answers above', 5)],
      forMs: 5 * MINUTE,
      expr: (v) =>
        `100 * sum by (job, instance, proxy) (rate(haproxy_backend_http_responses_total{code="5xx"}[5m]))\n/ (sum by (job, instance, proxy) (rate(haproxy_backend_http_responses_total[5m])) > 0) > ${v.percent}`,
    },
    down('NginxDown', 'nginx', 'nginx_up == 0'),
    {
      name: 'NginxConnectionsDropped',
      severity: 'warning',
      title: { zh: 'nginx 丢弃连接', en: 'nginx drops connections' },
      summary: {
        zh: `{{ $labels.instance }} 的 nginx 每秒丢弃 ${ONE} 个连接`,
        en: `nginx on {{ $labels.instance }} drops ${ONE} connections a second`,
      },
      advice: {
        zh: '达到了 worker_connections 或文件句柄上限：提高上限，或查明连接为何不释放。',
        en: 'It has reached worker_connections or its open files: raise them, or find why connections stay open.',
      },
      values: [
        value('perSecond', 'perSecond', { zh: '每秒丢弃多于', en: 'dropped a second above' }, [0, 1, 10_000]),
      ],
      forMs: 5 * MINUTE,
      expr: (v) =>
        `rate(nginx_connections_accepted[5m]) - rate(nginx_connections_handled[5m]) > ${v.perSecond}`,
    },
  ],
};
