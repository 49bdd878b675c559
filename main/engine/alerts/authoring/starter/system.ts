import { HOUR, MINUTE, ONE, percent, type StarterGroup, value } from './define.ts';

const DAYS = '(probe_ssl_earliest_cert_expiry - time()) / 86400';

/** Clock, services, network and certificates of hosts. */
export const systemRules: StarterGroup = {
  name: 'system',
  intervalMs: MINUTE,
  rules: [
    {
      name: 'ClockOffset',
      severity: 'warning',
      title: { zh: '主机时钟与控制台不一致', en: 'The clock of a host is off' },
      summary: {
        zh: '{{ $labels.instance }} 的时钟与控制台相差 {{ humanizeDuration $value }}',
        en: 'The clock of {{ $labels.instance }} differs from the console by {{ humanizeDuration $value }}',
      },
      advice: {
        zh: '检查时间同步服务；时钟不准会使日志错位、证书失效、备份误判。',
        en: 'Check its time service: a wrong clock mixes up logs, breaks certificates and misleads backups.',
      },
      values: [value('seconds', 'seconds', { zh: '相差超过', en: 'off by more than' }, [1, 5, 3_600])],
      forMs: 5 * MINUTE,
      // Measured at the scrape, because a site without internet has no other clock to trust than the console's.
      expr: (v) => `abs(node_time_seconds - timestamp(node_time_seconds)) > ${v.seconds}`,
    },
    {
      name: 'SystemdUnitFailed',
      severity: 'warning',
      title: { zh: 'systemd 服务失败', en: 'A systemd unit failed' },
      summary: {
        zh: '{{ $labels.instance }} 的服务 {{ $labels.name }} 已失败',
        en: 'Unit {{ $labels.name }} of {{ $labels.instance }} failed',
      },
      advice: {
        zh: '在主机上运行 systemctl status {{ $labels.name }} 查看原因，修复后重启该服务。',
        en: 'Run systemctl status {{ $labels.name }} on the host, correct the cause and start it again.',
      },
      values: [],
      forMs: 5 * MINUTE,
      expr: () => 'node_systemd_unit_state{state="failed"} == 1',
    },
    {
      name: 'NetworkErrors',
      severity: 'warning',
      title: { zh: '网卡收发错误', en: 'A network interface has errors' },
      summary: {
        zh: `{{ $labels.instance }} 的网卡 {{ $labels.device }} 有 ${ONE}% 的数据包出错`,
        en: `${ONE} % of the packets of interface {{ $labels.device }} of {{ $labels.instance }} have errors`,
      },
      advice: {
        zh: '检查网线、光模块和交换机端口，以及双工设置。',
        en: 'Check the cable, the transceiver, the port of the switch, and the duplex setting.',
      },
      values: [percent('percent', '出错数据包高于', 'packets with errors above', 1)],
      forMs: 15 * MINUTE,
      expr: (v) => {
        const both = (what: string): string =>
          `rate(node_network_receive_${what}_total{device!="lo"}[5m]) + rate(node_network_transmit_${what}_total{device!="lo"}[5m])`;
        return `100 * (${both('errs')})\n/ (${both('packets')} > 0) > ${v.percent}`;
      },
    },
    {
      name: 'CertificateExpiring',
      severity: 'warning',
      title: { zh: '证书即将到期', en: 'A certificate expires soon' },
      summary: {
        zh: `{{ $labels.instance }} 的证书还有 ${ONE} 天到期`,
        en: `The certificate of {{ $labels.instance }} expires in ${ONE} days`,
      },
      advice: {
        zh: '离线环境换发证书较慢：现在就申请，并安排更换时间。',
        en: 'Without internet a new one takes long: ask for it now and plan when to change it.',
      },
      values: [value('days', 'days', { zh: '剩余天数少于', en: 'days left below' }, [4, 21, 365])],
      forMs: HOUR,
      expr: (v) => `${DAYS} < ${v.days} and ${DAYS} >= 3`,
    },
    {
      name: 'CertificateExpired',
      severity: 'critical',
      title: { zh: '证书三天内到期或已过期', en: 'A certificate has expired or will within three days' },
      summary: {
        zh: `{{ $labels.instance }} 的证书{{ if gt $value 0.0 }}还有 ${ONE} 天到期{{ else }}已过期{{ end }}`,
        en: `The certificate of {{ $labels.instance }} {{ if gt $value 0.0 }}expires in ${ONE} days{{ else }}has expired{{ end }}`,
      },
      advice: {
        zh: '立即更换证书；过期后客户端会拒绝连接。',
        en: 'Change it now: clients refuse to connect once it has expired.',
      },
      values: [],
      forMs: 5 * MINUTE,
      expr: () => `${DAYS} < 3`,
    },
    {
      name: 'ProbeFailed',
      severity: 'critical',
      title: { zh: '探测的地址没有应答', en: 'A probed address does not answer' },
      summary: { zh: '{{ $labels.instance }} 探测失败', en: 'The probe of {{ $labels.instance }} fails' },
      advice: {
        zh: '确认服务是否在运行、端口是否放行、证书是否有效。',
        en: 'Check that the service runs, the port is open and the certificate valid.',
      },
      values: [],
      forMs: 2 * MINUTE,
      expr: () => 'probe_success == 0',
    },
  ],
};
