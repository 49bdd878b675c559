import { closing, opening, template } from './make.ts';

/** What befalls more than one machine. */
export const disasterTemplates = [
  template(
    'ransomware',
    { zh: '勒索软件', en: 'Ransomware' },
    {
      zh: '文件被加密或改名，或出现勒索信息。先隔离，再取证，最后从离线介质恢复到干净的系统。',
      en: 'Files are encrypted or renamed, or a demand appeared. Isolate first, keep evidence, then restore from offline media onto clean systems.',
    },
    [
      ...opening({ zh: '文件确实被加密', en: 'files were indeed encrypted' }),
      [
        'A',
        'network',
        5,
        '立即断网隔离：拔掉受害主机的网线，不要关机',
        'Isolate at once: pull the network cables of the machines concerned, do not switch them off',
        {
          body: {
            zh: '取出所有备份介质并写保护；停止所有备份计划，不要让被加密的文件进入新的恢复点；不要执行保留清理。',
            en: 'Take out and write-protect every backup medium; pause all backup plans so that encrypted files do not become new points; prune nothing.',
          },
          check: {
            zh: '介质已取出，备份计划已暂停，主机已隔离',
            en: 'Media are out, plans are paused, machines isolated',
          },
        },
      ],
      [
        'A',
        'security',
        30,
        '保全证据，报告主管单位；不要支付，不要自行联系',
        'Keep evidence and report to the authority in charge; do not pay, do not make contact',
        {
          body: {
            zh: '保存日志、勒索信息、样本；对恢复点设置保全锁定。',
            en: 'Keep logs, the demand and samples; put restore points under legal hold.',
          },
        },
      ],
      [
        'A',
        'security',
        60,
        '查明最早的感染时间和入口',
        'Find out when and how it came in',
        {
          command: 'hmtt logs search "level:ERROR OR 登录失败" --from now-30d --limit 1000',
          check: {
            zh: '写下“此时间之前的恢复点可信”',
            en: 'Written down: "points from before this moment may be trusted"',
          },
        },
      ],
      [
        'R',
        'system',
        120,
        '重装受害主机：从可信介质装系统，补上入侵所用的漏洞，更换全部口令和密钥',
        'Reinstall the machines from trusted media, close the hole, change every password and key',
        { check: { zh: '没有沿用任何旧的可执行文件', en: 'No old executable was kept' } },
      ],
      [
        'R',
        'system',
        60,
        '从离线介质、在感染之前的恢复点恢复到隔离的文件夹并查毒',
        'From offline media, restore a point from before the infection into an isolated folder, and scan it',
        {
          command:
            'hmtt backup verify 计划名 --point 恢复点\nhmtt restore 计划名 --point 恢复点 --to /srv/clean --yes',
          check: {
            zh: '恢复点已校验，查毒没有发现',
            en: 'The point is verified, the scan found nothing',
          },
        },
      ],
      [
        'R',
        'lead',
        30,
        '先数据层，再业务层，最后展示层，逐台接回网络',
        'Reconnect one by one: data tier, business tier, then presentation',
      ],
      ...closing,
    ],
  ),
  template(
    'console_lost',
    { zh: '控制台工作站损毁', en: 'Console workstation lost' },
    {
      zh: '运行本控制台的工作站不可用。各主机的业务不受影响，但没有监视和备份。每个介质上都有不用本控制台也能恢复的说明。',
      en: 'The workstation of this console is gone. The service is not touched, but nobody watches or backs up. Every medium carries how to restore without this console.',
    },
    [
      ...opening({ zh: '工作站不可用', en: 'the workstation is gone' }),
      [
        'A',
        'duty',
        10,
        '安排人工巡检，直到控制台恢复',
        'Have the hosts looked at by hand until the console is back',
        {
          body: {
            zh: '每小时检查一次各主机的磁盘、服务和日志，写在值班簿上。',
            en: 'Look at disks, services and logs of each host every hour, and write it into the log book.',
          },
        },
      ],
      [
        'R',
        'system',
        30,
        '在另一台工作站上用安装介质安装同一版本的控制台',
        'Install the same version of the console on another workstation from the installation medium',
        { command: 'hmtt version', check: { zh: '版本相同或更新', en: 'The same version, or a newer one' } },
      ],
      [
        'R',
        'system',
        30,
        '接上备份介质，从介质重建备份目录',
        'Connect the backup media and rebuild the catalogue from them',
        {
          command: 'hmtt backup rebuild /media/HMTT-01\nhmtt backup list',
          check: { zh: '恢复点已列出', en: 'The restore points are listed' },
        },
      ],
      [
        'R',
        'system',
        20,
        '导入站点配置、恢复资料（本文件）和密钥',
        "Import the site's configuration, this recovery file and the keys",
        {
          command: 'hmtt import site site.json\nhmtt recovery import recovery.json',
          check: { zh: '主机、规则、计划和预案都在', en: 'Hosts, rules, plans and runbooks are there' },
        },
      ],
      [
        'C',
        'system',
        10,
        '确认采集、日志和备份计划都在运行',
        'See that polling, logs and schedules run',
        { check: { zh: '状态栏中主机全部在线', en: 'The status bar shows all hosts up' } },
      ],
      ...closing,
    ],
  ),
  template(
    'site_fire',
    { zh: '机房火灾', en: 'Fire in the machine room' },
    {
      zh: '机房整体不可用。人身安全第一；在备用场所用异地介质重建。',
      en: 'The whole machine room is gone. People first; rebuild at the alternate site from the media that are kept elsewhere.',
    },
    [
      [
        'A',
        'duty',
        1,
        '人员撤离，报警 119，切断机房电源',
        'Get everybody out, call the fire brigade, cut the power of the machine room',
        {
          body: { zh: '不要为设备或介质返回。', en: 'Nobody goes back for machines or media.' },
          check: { zh: '人员清点完毕', en: 'Everybody is accounted for' },
        },
      ],
      [
        'A',
        'lead',
        20,
        '宣布启动预案，通知业务方、供应商和主管单位',
        'Declare the activation; tell the owner of the service, the vendors and the authority',
        { check: { zh: '备用场所已可使用', en: 'The alternate site is available' } },
      ],
      [
        'R',
        'system',
        60,
        '取回异地介质和密钥（两人同行，登记）',
        'Fetch the media and keys that are kept elsewhere (two persons, written down)',
        {
          body: {
            zh: '介质清单与存放处见“恢复环境”和介质台账。',
            en: 'What lies where stands under "environment" and in the ledger of media.',
          },
          check: { zh: '标签与清单一致', en: 'The labels agree with the list' },
        },
      ],
      [
        'R',
        'system',
        240,
        '在备用主机上装系统、数据库和应用；先装控制台工作站',
        'Install systems, databases and applications on standby hosts; the console workstation first',
        { command: 'hmtt backup rebuild /media/HMTT-01' },
      ],
      [
        'R',
        'database',
        120,
        '按数据类别恢复：先核心业务数据，再日志',
        'Restore by class of data: the core data first, logs after',
        {
          command: 'hmtt restore 计划名 --to /srv/restore --yes',
          check: { zh: '每个计划都有凭证', en: 'There is evidence for each plan' },
        },
      ],
      ['R', 'network', 60, '接通网络与入口，逐层启动', 'Connect network and entrance, start tier by tier'],
      [
        'C',
        'lead',
        60,
        '在备用场所恢复备份：新的介质、新的异地副本',
        'Begin backups at the alternate site: new media, a new copy elsewhere',
        { check: { zh: '3-2-1-1-0 评分恢复', en: 'The 3-2-1-1-0 score is back' } },
      ],
      ...closing,
    ],
  ),
] as const;
