/** 导入站点已有的内容。 */
export const imports = {
  kinds: '文件类型',
  kind: {
    prometheus: 'prometheus.yml 文件',
    list: '主机列表、CSV',
    nagios: 'Nagios 对象文件',
    zabbix: 'Zabbix 模板导出',
    site: '全部配置（站点配置文件）',
  },
  title: { nagios: '导入 Nagios 对象文件', zabbix: '导入 Zabbix 模板' },
  intro: {
    nagios:
      '读取主机、服务、命令和模板。服务会成为检查，用相同的参数运行相同的插件。预览会说明什么变成什么、哪些不能导入；确认之前不写入任何内容。',
    zabbix:
      'Zabbix 导出的模板（YAML）。其中的被动监控项成为主机的一项检查，简单触发器成为告警规则。预览会说明哪些不能导入；确认之前不写入任何内容。',
  },
  choose: { nagios: '选择对象文件（.cfg，可多选）', zabbix: '选择模板导出文件（.yaml）' },
  noFile: '还没有选择文件',
  plugins: '插件目录',
  pluginsHint: '$USER1$ 代表的目录。',
  host: '主机',
  hostHint: '检查加到这台主机上。',
  agent: 'Agent 地址',
  agentHint: '例如 10.0.0.5:10050；留空则为主机地址和端口 10050。',
  check: '检查',
  checkKind: '种类',
  added: '新增的检查',
  sentence: '将新增 {{added}} 项检查，修改 {{changed}} 项；{{unchanged}} 项已经相同。',
  hostsUnknown: '清单中没有的主机：{{count}} 台，它们的检查不导入',
  hostsUnknownHint: '请先添加这些主机（例如用列表导入），然后再导入一次。',
  notTaken: '不能导入：{{count}} 处',
  rules: '告警规则',
  rulesHint: '本次导入不写入这些规则。请保存后在“告警 → 规则”中添加。',
  saveRules: '保存规则……',
  done: '已新增 {{added}} 项检查，修改 {{changed}} 项。',
};
