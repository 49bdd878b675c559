import type { Tier } from '#shared/contract/hosts.ts';
import type { ComponentKind, Dependence } from '#shared/contract/inventory.ts';

/** What a column of a CSV file can say. */
export type Column =
  | 'name'
  | 'address'
  | 'tier'
  | 'kind'
  | 'onHost'
  | 'owner'
  | 'contact'
  | 'classification'
  | 'maintenance'
  | 'labels'
  | 'exporter'
  | 'tcp'
  | 'network'
  | 'power'
  | 'service'
  | 'calls'
  | 'note';

/** Headers by column, English and Chinese; the first of each language is the one that the documentation names. */
const HEADERS: Readonly<Record<Column, readonly string[]>> = {
  name: [
    'name',
    '名称',
    'host',
    'hostname',
    'host name',
    'component',
    '主机',
    '主机名',
    '主机名称',
    '组件',
    '设备名称',
  ],
  address: ['address', '地址', 'ip', 'ip address', 'ip地址', 'ip 地址'],
  tier: ['tier', '层', 'layer', '层级', '所属层'],
  kind: ['kind', '类型', 'type', '类别', '设备类型'],
  onHost: ['on host', '所在主机', 'runs on', '运行于', '运行主机'],
  owner: ['owner', '负责人', 'responsible', '责任人', '管理员'],
  contact: ['contact', '联系方式', 'phone', 'telephone', '联系人', '电话', '联系电话'],
  classification: ['classification', '密级', '密级标识'],
  maintenance: ['maintenance', '维护窗口', '维护'],
  labels: ['labels', '标签', 'tags'],
  exporter: ['exporter', '导出器', 'exporter port', 'metrics port', '导出器端口', '采集端口'],
  tcp: ['tcp', 'tcp检查', 'tcp check', 'tcp port', 'tcp端口', 'tcp 检查', 'tcp 端口', '检查端口'],
  network: ['behind', '上联', 'network', 'switch', 'uplink', '上联设备', '上联交换机', '交换机', '位于其后'],
  power: ['power', '供电', 'ups', '电源'],
  service: ['depends on', '依赖', 'needs', '依赖服务'],
  calls: ['calls', '调用', 'calls to', '访问'],
  note: ['note', '备注', 'remark', 'comment', '说明'],
};

const BY_HEADER = new Map(
  Object.entries(HEADERS).flatMap(([column, headers]) =>
    headers.map((header) => [header, column as Column] as const),
  ),
);

/** What a header means, or null. */
export function columnOf(header: string): Column | null {
  const plain = header
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/[_\s]+/g, ' ');
  return BY_HEADER.get(plain) ?? null;
}

const TIERS: Readonly<Record<string, Tier>> = {
  presentation: 'presentation',
  展示层: 'presentation',
  展示: 'presentation',
  business: 'business',
  业务层: 'business',
  业务: 'business',
  data: 'data',
  数据层: 'data',
  数据: 'data',
  other: 'other',
  其他: 'other',
};

const KINDS: Readonly<Record<string, ComponentKind>> = {
  'load balancer': 'load_balancer',
  lb: 'load_balancer',
  负载均衡: 'load_balancer',
  负载均衡器: 'load_balancer',
  'application server': 'application_server',
  app: 'application_server',
  应用服务器: 'application_server',
  应用: 'application_server',
  'database server': 'database_server',
  database: 'database_server',
  db: 'database_server',
  数据库服务器: 'database_server',
  数据库: 'database_server',
  'network device': 'network_device',
  switch: 'network_device',
  router: 'network_device',
  firewall: 'network_device',
  网络设备: 'network_device',
  交换机: 'network_device',
  路由器: 'network_device',
  防火墙: 'network_device',
  power: 'power',
  ups: 'power',
  电源: 'power',
  供电: 'power',
  other: 'other',
  其他: 'other',
};

const plainWord = (text: string): string =>
  text
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/[_\s]+/g, ' ');

/** The tier that a word means, or null. */
export const tierOf = (text: string): Tier | null => TIERS[plainWord(text)] ?? null;

/** The kind that a word means, or null. */
export const kindOf = (text: string): ComponentKind | null => KINDS[plainWord(text)] ?? null;

/** How a column's names depend on what they name. */
export const LINK_COLUMNS: Readonly<Partial<Record<Column, Dependence>>> = {
  network: 'network',
  power: 'power',
  service: 'service',
  calls: 'no',
};
