import { board, labelVariable, lines, rising, SHARE, stat, states, text, UP_DOWN } from './parts.ts';

const D = 'instance=~"$instance"';

/** Database servers by the series of postgres_exporter and mysqld_exporter. */
export const databaseBoard = board(
  'hmtt-database',
  text('数据库服务器', 'Database server'),
  text(
    '数据层：PostgreSQL（postgres_exporter）与 MySQL / MariaDB（mysqld_exporter）。',
    'Data tier: PostgreSQL (postgres_exporter) and MySQL or MariaDB (mysqld_exporter).',
  ),
  ['database'],
  [labelVariable('instance', text('实例', 'Instance'), '{__name__=~"pg_up|mysql_up"}', { multi: true })],
  [
    {
      panels: [
        states(
          1,
          text('状态', 'State'),
          [0, 0, 24, 4],
          [[`max by (instance) ({__name__=~"pg_up|mysql_up",${D}})`, '{{instance}}']],
          { mappings: UP_DOWN },
        ),
        stat(
          2,
          text('连接', 'Connections'),
          [0, 4, 6, 4],
          `sum(pg_stat_activity_count{${D}} or mysql_global_status_threads_connected{${D}})`,
          { color: { mode: 'palette' } },
        ),
        stat(
          3,
          text('连接占用', 'Share of connections in use'),
          [6, 4, 6, 4],
          `max(sum by (instance) (pg_stat_activity_count{${D}}) / on (instance) pg_settings_max_connections{${D}} or mysql_global_status_threads_connected{${D}} / on (instance) mysql_global_variables_max_connections{${D}})`,
          { ...SHARE, thresholds: rising(0.8, 0.95) },
        ),
        stat(
          4,
          text('缓存命中', 'Cache hits'),
          [12, 4, 6, 4],
          `avg(sum by (instance) (rate(pg_stat_database_blks_hit{${D}}[$__rate_interval])) / (sum by (instance) (rate(pg_stat_database_blks_hit{${D}}[$__rate_interval])) + sum by (instance) (rate(pg_stat_database_blks_read{${D}}[$__rate_interval])) > 0) or 1 - rate(mysql_global_status_innodb_buffer_pool_reads{${D}}[$__rate_interval]) / (rate(mysql_global_status_innodb_buffer_pool_read_requests{${D}}[$__rate_interval]) > 0))`,
          { ...SHARE, color: { mode: 'palette' } },
        ),
        stat(
          5,
          text('复制延迟', 'Replication lag'),
          [18, 4, 6, 4],
          `max(pg_replication_lag_seconds{${D}} or pg_replication_lag{${D}} or mysql_slave_status_seconds_behind_master{${D}})`,
          { unit: 's', thresholds: rising(30, 300) },
        ),
      ],
    },
    {
      title: 'PostgreSQL',
      panels: [
        lines(
          10,
          text('事务', 'Transactions'),
          [0, 0, 12, 8],
          [
            [
              `sum by (instance) (rate(pg_stat_database_xact_commit{${D}}[$__rate_interval]))`,
              '{{instance}} commit',
            ],
            [
              `sum by (instance) (rate(pg_stat_database_xact_rollback{${D}}[$__rate_interval]))`,
              '{{instance}} rollback',
            ],
          ],
          { unit: 'ops', min: 0 },
        ),
        lines(
          11,
          text('连接按状态', 'Connections by state'),
          [12, 0, 12, 8],
          [[`sum by (state) (pg_stat_activity_count{${D}})`, '{{state}}']],
          { min: 0 },
        ),
        lines(
          12,
          text('数据库大小', 'Size of databases'),
          [0, 8, 12, 8],
          [[`sum by (datname) (pg_database_size_bytes{${D}})`, '{{datname}}']],
          { unit: 'bytes', min: 0 },
        ),
        lines(
          13,
          text('锁与死锁', 'Locks and deadlocks'),
          [12, 8, 12, 8],
          [
            [`sum by (mode) (pg_locks_count{${D}})`, '{{mode}}'],
            [`sum(rate(pg_stat_database_deadlocks{${D}}[$__rate_interval]))`, 'deadlocks/s'],
          ],
          { min: 0 },
        ),
      ],
    },
    {
      title: 'MySQL / MariaDB',
      panels: [
        lines(
          20,
          text('查询', 'Queries'),
          [0, 0, 12, 8],
          [[`rate(mysql_global_status_queries{${D}}[$__rate_interval])`, '{{instance}}']],
          { unit: 'ops', min: 0 },
        ),
        lines(
          21,
          text('线程', 'Threads'),
          [12, 0, 12, 8],
          [
            [`mysql_global_status_threads_connected{${D}}`, '{{instance}} connected'],
            [`mysql_global_status_threads_running{${D}}`, '{{instance}} running'],
          ],
          { min: 0 },
        ),
        lines(
          22,
          text('慢查询', 'Slow queries'),
          [0, 8, 12, 8],
          [[`rate(mysql_global_status_slow_queries{${D}}[$__rate_interval])`, '{{instance}}']],
          { unit: 'ops', min: 0 },
        ),
        lines(
          23,
          text('InnoDB 读写', 'InnoDB rows'),
          [12, 8, 12, 8],
          [
            [
              `sum by (operation) (rate(mysql_global_status_innodb_row_ops_total{${D}}[$__rate_interval]))`,
              '{{operation}}',
            ],
          ],
          { unit: 'rowsps', min: 0 },
        ),
      ],
    },
    {
      title: text('备份', 'Backups'),
      panels: [
        {
          kind: 'backups',
          id: 30,
          title: text('恢复信心', 'Restore confidence'),
          place: { x: 0, y: 0, w: 24, h: 6 },
        },
      ],
    },
  ],
);
