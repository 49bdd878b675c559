import { defineErrors } from '../define.ts';

/** Expected failures of retention, pruning, holds and rolling verification. */
export const backupRetentionErrors = defineErrors({
  RETENTION_CLOCK_BACK: {
    message: {
      zh: '系统时钟倒退了 {by}（曾到过 {latest}）：不删除任何恢复点。',
      en: 'The clock moved back by {by} (it has been at {latest}): no restore point is removed.',
    },
    hint: {
      zh: '请核对系统时间；确认无误后，在保留策略页点击“时钟已核对”。',
      en: 'Check the system time; if it is right, press "The clock is right" on the retention page.',
    },
  },
  RETENTION_FUTURE_POINTS: {
    message: {
      zh: '有 {count} 个恢复点的时间在未来（如 {point}：{at}）：不删除任何恢复点。',
      en: '{count} restore points are from the future (such as {point}: {at}): no restore point is removed.',
    },
    hint: {
      zh: '请核对系统时间；确认无误后，在保留策略页点击“时钟已核对”，这些恢复点将保留且不参与规则。',
      en: 'Check the system time; if it is right, press "The clock is right" on the retention page: those points then stay and count for no rule.',
    },
  },
  RETENTION_MASS_CHANGE: {
    message: {
      zh: '恢复点 {point} 的变化量异常，尚未有人确认：不删除任何恢复点。',
      en: 'Restore point {point} changed unusually much, and nobody has acknowledged it: no restore point is removed.',
    },
    hint: {
      zh: '请检查数据源是否被加密、误删或批量改名；确认后在保留策略页写明原因并确认。',
      en: 'Look whether the sources were encrypted, deleted or renamed; then acknowledge it on the retention page, with a note.',
    },
  },
  BACKUP_PRUNE_CHANGED: {
    message: {
      zh: '计划“{name}”要删除的内容已与预览时不同，没有删除任何恢复点。',
      en: 'What is to be removed of plan "{name}" is no longer what the preview showed; nothing was removed.',
    },
    hint: { zh: '请重新预览后再执行。', en: 'Look at the preview again, then prune.' },
  },
  BACKUP_PRUNE_FAILED: {
    message: {
      zh: '{count} 个恢复点的文件无法删除，它们仍列在目录中。第一个：{file}：{why}',
      en: 'The files of {count} restore points could not be removed; they are still listed. The first: {file}: {why}',
    },
    hint: {
      zh: '请检查目标目录是否只读、介质是否接入，然后重试。',
      en: 'Check whether the target is read-only or its medium gone, then try again.',
    },
  },
  BACKUP_SPACE_LOW: {
    message: {
      zh: '目标 {dir} 剩余 {free}，本次备份预计需要 {need}，并须留出 {reserve}：没有开始备份。',
      en: '{free} are free at {dir}; this backup needs about {need} and {reserve} must stay free: it was not started.',
    },
    hint: {
      zh: '请清理或扩容目标，或执行“backup prune”按保留策略删除旧恢复点。',
      en: 'Free or add space at the target, or remove old points by the retention policy ("backup prune").',
    },
  },
  BACKUP_HOLD_MISSING: {
    message: { zh: '恢复点 {id} 没有保全锁定。', en: 'Restore point {id} is under no legal hold.' },
    hint: { zh: '请刷新列表。', en: 'Look at the list again.' },
  },
  BACKUP_HOLD_EXISTS: {
    message: {
      zh: '恢复点 {id} 已由 {who} 保全锁定：{why}',
      en: 'Restore point {id} is already under a legal hold by {who}: {why}',
    },
    hint: { zh: '如需更改，先解除再重新锁定。', en: 'To change it, lift it and set it again.' },
  },
  BACKUP_HOLD_PAST: {
    message: { zh: '锁定期限已过。', en: 'The end of the hold is in the past.' },
    hint: { zh: '请选择未来的日期，或不设期限。', en: 'Choose a date to come, or none.' },
  },
  BACKUP_MASS_CHANGE_MISSING: {
    message: {
      zh: '恢复点 {id} 没有待确认的变化量异常。',
      en: 'Restore point {id} has no mass change that waits to be acknowledged.',
    },
    hint: { zh: '请刷新列表。', en: 'Look at the list again.' },
  },
});
