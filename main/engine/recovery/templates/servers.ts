import { closing, opening, template } from './make.ts';

/** The three tiers, each with its machine gone. */
export const serverTemplates = [
  template(
    'database_lost',
    { zh: '数据库服务器损毁', en: 'Database server lost' },
    {
      zh: '数据层的数据库主机不能启动，或数据盘不可用。假定备用主机在位，备份介质可取。',
      en: 'A database host of the data tier does not start, or its data disk is gone. Assumes that a standby host is there and the backup media can be fetched.',
    },
    [
      ...opening({ zh: '数据库服务器不可用', en: 'the database server is gone' }),
      [
        'A',
        'system',
        5,
        '停止业务层写入：停应用服务，或在负载均衡上挂维护页',
        'Stop writes of the business tier: stop the applications, or show a maintenance page at the balancer',
        {
          command: 'systemctl stop hmtt-app',
          check: { zh: '应用已停，没有新的连接', en: 'The applications are stopped, no new connections' },
        },
      ],
      [
        'R',
        'system',
        30,
        '备好备用主机：系统、同一版本的数据库软件、足够的磁盘',
        'Make the standby host ready: system, the same version of the database software, disk enough',
        {
          command: 'df -h /var/lib/postgresql /srv\npsql --version || mariadb --version',
          check: {
            zh: '版本与原主机相同，剩余空间大于恢复点',
            en: 'Same version as before, more free space than the point needs',
          },
        },
      ],
      [
        'R',
        'database',
        10,
        '选恢复点：最近的、已校验的、在故障之前的',
        'Choose the restore point: the newest that is verified and from before the fault',
        {
          command: 'hmtt backup list 计划名',
          body: {
            zh: '加密的恢复点还需要密钥：存放处见“恢复环境”。',
            en: 'An encrypted point needs its key, too: see under "environment" where it lies.',
          },
          check: { zh: '记下恢复点的编号和时间', en: 'Its id and time are written down' },
        },
      ],
      [
        'R',
        'database',
        60,
        '恢复到备用主机的空文件夹，核对后装入数据库',
        'Restore into an empty folder of the standby host, check, then load into the database',
        {
          command:
            'hmtt restore 计划名 --to /srv/restore --dry-run\nhmtt restore 计划名 --to /srv/restore --yes\n# PostgreSQL\npg_restore --create --dbname postgres /srv/restore/.hmtt-databases/名称/文件\n# MariaDB\nmariadb < /srv/restore/.hmtt-databases/名称/文件',
          check: { zh: '恢复凭证为“已恢复并校验”', en: 'The evidence says "restored and verified"' },
        },
      ],
      [
        'R',
        'network',
        10,
        '让业务层指向备用主机（地址或域名），再启动应用',
        'Point the business tier at the standby host (address or name), then start the applications',
        {
          command: 'systemctl start hmtt-app\ncurl -fsS http://127.0.0.1:8080/health',
          check: {
            zh: '健康检查通过，控制台中主机为“正常”',
            en: 'The health check passes, the console shows the hosts up',
          },
        },
      ],
      ...closing,
    ],
  ),
  template(
    'app_server_lost',
    { zh: '应用服务器损毁', en: 'Application server lost' },
    {
      zh: '业务层的一台应用主机不可用。其他应用主机仍能承担业务时，先保业务，再恢复这一台。',
      en: 'One application host of the business tier is gone. While others can carry the load, keep the service up first and bring this one back after.',
    },
    [
      ...opening({ zh: '应用服务器不可用', en: 'the application server is gone' }),
      [
        'A',
        'network',
        5,
        '在负载均衡上摘除故障主机',
        'Take the failed host out of the load balancer',
        { check: { zh: '请求不再发往该主机', en: 'No more requests go to that host' } },
      ],
      [
        'R',
        'system',
        30,
        '备好主机：系统、运行环境、同一版本的应用',
        'Make a host ready: system, runtime, the same version of the application',
        { check: { zh: '版本与其他应用主机一致', en: 'The version equals that of the other hosts' } },
      ],
      [
        'R',
        'system',
        20,
        '恢复配置、证书和应用文件',
        'Restore configuration, certificates and application files',
        {
          command:
            "hmtt restore 计划名 --to /srv/restore --only 'etc/hmtt/**' 'opt/hmtt/**' --yes\nrsync -a /srv/restore/etc/hmtt/ /etc/hmtt/",
          check: { zh: '凭证为“已恢复并校验”', en: 'The evidence says "restored and verified"' },
        },
      ],
      [
        'R',
        'system',
        10,
        '启动应用并单独检查',
        'Start the application and check it on its own',
        {
          command: 'systemctl start hmtt-app\ncurl -fsS http://127.0.0.1:8080/health',
          check: {
            zh: '健康检查通过，日志没有新的错误',
            en: 'Health check passes, no new errors in the log',
          },
        },
      ],
      [
        'C',
        'network',
        5,
        '重新加入负载均衡，先少量请求',
        'Put it back into the balancer, a few requests first',
      ],
      ...closing,
    ],
  ),
  template(
    'balancer_lost',
    { zh: '负载均衡损毁', en: 'Load balancer lost' },
    {
      zh: '展示层的入口不可用，业务层和数据层正常。',
      en: 'The entrance of the presentation tier is gone; the business and data tiers are well.',
    },
    [
      ...opening({
        zh: '入口不可用，而应用主机可直接访问',
        en: 'the entrance is gone while the applications answer directly',
      }),
      [
        'R',
        'network',
        10,
        '启用备用入口：把虚拟地址切到备用主机，或临时直达一台应用主机',
        'Use the standby entrance: move the virtual address, or for the time being go to one application host directly',
        {
          command: 'ip addr show\nip addr add 虚拟地址/24 dev eth0\narping -c 3 -U -I eth0 虚拟地址',
          check: { zh: '客户端能打开首页', en: 'Clients can open the first page' },
        },
      ],
      [
        'R',
        'system',
        20,
        '恢复负载均衡的配置和证书，检查后再启动',
        'Restore configuration and certificates of the balancer; check before starting',
        {
          command:
            'hmtt restore 计划名 --to /srv/restore --yes\nnginx -t || haproxy -c -f /etc/haproxy/haproxy.cfg',
          check: {
            zh: '配置检查通过，证书没有过期',
            en: 'The configuration is accepted, no certificate has expired',
          },
        },
      ],
      [
        'C',
        'network',
        10,
        '切回正式入口，观察错误率',
        'Go back to the regular entrance and watch the error rate',
        { check: { zh: '十五分钟内没有新的错误', en: 'No new errors within fifteen minutes' } },
      ],
      ...closing,
    ],
  ),
] as const;
