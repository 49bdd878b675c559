import { ARCHIVED } from './site-files.ts';

const failing = `sum by (instance) (rate(http_requests_total{job="training", code="500"}[30s]))
          / sum by (instance) (rate(http_requests_total{job="training"}[30s]))`;
const perQuery = `sum by (instance) (rate(db_query_duration_seconds_sum{job="training"}[30s]))
          / sum by (instance) (rate(db_query_duration_seconds_count{job="training"}[30s]))`;

/** Rules over what only this site has; what every machine has is watched by the console's own conditions. */
export const TRAINING_RULES = `groups:
  - name: training
    interval: 5s
    rules:
      - alert: RequestsFail
        expr: >-
          ${failing} > 0.1
        labels: {severity: critical}
        annotations:
          summary_zh: '{{ $labels.instance }} 有 {{ $value | humanizePercentage }} 的请求失败'
          summary_en: '{{ $labels.instance }} fails {{ $value | humanizePercentage }} of its requests'
          description_zh: 在日志中搜索 level:error，看失败的请求有什么共同点。
          description_en: Search the logs for level:error, and see what the requests that fail have in common.
      - alert: DatabaseSlow
        expr: >-
          ${perQuery} > 0.05
        labels: {severity: warning}
        annotations:
          summary_zh: '{{ $labels.instance }} 的查询平均用时 {{ $value | humanizeDuration }}'
          summary_en: 'Queries of {{ $labels.instance }} take {{ $value | humanizeDuration }} on average'
          description_zh: 应用变慢是因为在等它；先看数据库。
          description_en: Applications are slow because they wait for it; look at the database first.
      - alert: FilesGone
        expr: archive_files{job="training"} < ${ARCHIVED}
        labels: {severity: critical}
        annotations:
          summary_zh: '{{ $labels.instance }} 的 archive 目录少了文件，只剩 {{ $value }} 个'
          summary_en: 'Files of the folder archive of {{ $labels.instance }} are gone; {{ $value }} are left'
          description_zh: 不要再写入，打开“恢复”，把它们恢复到原来的位置。
          description_en: Write nothing there; open Recovery and restore them where they were.
`;
