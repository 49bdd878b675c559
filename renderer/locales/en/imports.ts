/** Importing what a site already has. */
export const imports = {
  kinds: 'What the file is',
  kind: {
    prometheus: 'prometheus.yml',
    list: 'List of hosts, CSV',
    nagios: 'Nagios object files',
    zabbix: 'Zabbix template export',
    site: 'Whole configuration (site document)',
  },
  title: { nagios: 'Import Nagios objects', zabbix: 'Import a Zabbix template' },
  intro: {
    nagios:
      'Hosts, services, commands and templates. Services become checks that run the same plugins with the same arguments. The preview says what becomes what and what cannot be taken; nothing is written before you confirm.',
    zabbix:
      'A template as Zabbix exports it (YAML). Its passive items become one check of a host with an agent, simple triggers become alert rules. The preview says what cannot be taken; nothing is written before you confirm.',
  },
  choose: {
    nagios: 'Choose object files (.cfg), several at once',
    zabbix: 'Choose a template export (.yaml)',
  },
  noFile: 'No file chosen yet',
  plugins: 'Folder of the plugins',
  pluginsHint: 'What $USER1$ stands for.',
  host: 'Host',
  hostHint: 'The host that gets the checks.',
  agent: 'Address of the agent',
  agentHint: "HOST or HOST:PORT; empty: the host's address and port 10050.",
  check: 'Check',
  checkKind: 'Kind',
  added: 'Checks that are added',
  sentence: '{{added}} checks will be added, {{changed}} changed; {{unchanged}} are the same already.',
  hostsUnknown: 'Hosts that are not in the inventory: {{count}}; their checks are left out',
  hostsUnknownHint: 'Add these hosts first, for instance as a list, then import again.',
  notTaken: 'Not taken: {{count}}',
  rules: 'Alert rules',
  rulesHint: 'They are not written by this import. Save them and add them under Alerts → Rules.',
  saveRules: 'Save the rules…',
  done: '{{added}} checks added, {{changed}} changed.',
};
