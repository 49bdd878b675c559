import { defineErrors } from '../define.ts';

/** Expected failures of the audit trail. */
export const auditErrors = defineErrors({
  AUDIT_UNWRITABLE: {
    message: {
      zh: '没有执行：审计记录无法写入（{why}）。',
      en: 'Nothing was done: the audit trail cannot be written ({why}).',
    },
    hint: {
      zh: '请释放数据目录所在磁盘的空间并检查权限，然后重试。清理旧恢复点和归档段仍可进行。',
      en: 'Free space on the disk of the data folder, check its permissions, and try again. Pruning still works.',
    },
  },
  AUDIT_DAMAGED: {
    message: {
      zh: '审计记录校验发现 {count} 个问题，第一个：{first}',
      en: 'The audit trail has {count} findings; the first: {first}',
    },
    hint: {
      zh: '请保全现场，并与外部保存的锚点或导出文件比对。',
      en: 'Keep everything as it is, and compare with an anchor or an export kept elsewhere.',
    },
  },
  AUDIT_EXPORT_EXISTS: {
    message: { zh: '文件 {file} 已存在。', en: 'The file {file} exists already.' },
    hint: { zh: '请换一个文件名。', en: 'Choose another name.' },
  },
  AUDIT_EMPTY: {
    message: { zh: '还没有审计记录。', en: 'There is no audit trail yet.' },
    hint: {
      zh: '第一次更改配置或数据时开始记录。',
      en: 'It begins with the first change of configuration or data.',
    },
  },
});
