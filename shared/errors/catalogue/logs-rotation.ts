import { defineErrors } from '../define.ts';

/** Expected failures of the rotation and archive of log files. */
export const logsRotationErrors = defineErrors({
  LOG_SEGMENT_DAMAGED: {
    message: { zh: '归档日志 {file} 已损坏：{why}', en: 'The archived log {file} is damaged: {why}' },
    hint: {
      zh: '请用“校验”查看全部归档；从备份恢复此文件。',
      en: 'Verify the archive to see all that is wrong; restore this file from a backup.',
    },
  },
  LOG_ARCHIVE_DAMAGED: {
    message: {
      zh: '日志归档校验发现 {count} 个问题，第一个：{first}',
      en: 'The log archive has {count} findings; the first: {first}',
    },
    hint: {
      zh: '请保全现场，从备份恢复受损文件，并与外部保存的锚点比对。',
      en: 'Keep everything as it is, restore the files from a backup, and compare with an anchor kept elsewhere.',
    },
  },
  LOG_SEGMENT_LOCKED: {
    message: {
      zh: '归档日志 {file} 已加密，没有可用的密钥。',
      en: 'The archived log {file} is encrypted, and no key at hand opens it.',
    },
    hint: { zh: '请先在“备份 › 密钥”中解锁密钥。', en: 'Unlock its key first (Backups › Keys).' },
  },
  LOG_ROTATION_READBACK: {
    message: {
      zh: '{file} 回读后与原日志不一致：{what}。原文件保留。',
      en: '{file}, read back, is not the log that it was made from: {what}. The old file is kept.',
    },
    hint: {
      zh: '会自动重试。若反复出现，请检查磁盘与内存。',
      en: 'It is tried again. If this comes again, check the disk and the memory of this machine.',
    },
  },
  LOG_ROTATION_GREW: {
    message: {
      zh: '轮转期间 {file} 又被写入，没有删除它。',
      en: '{file} was written to while it was being archived, so it was not removed.',
    },
    hint: {
      zh: '会重新归档，不会丢行。请检查写日志的程序是否真的重新打开了文件。',
      en: 'It is archived again and no line is lost. Check that the program really opens its log anew.',
    },
  },
  LOG_ROTATION_HELD: {
    message: {
      zh: '{seconds} 秒后仍有进程在写旧文件 {file}：{who}。',
      en: 'After {seconds} s the old file {file} is still being written to by {who}.',
    },
    hint: {
      zh: '旧文件保留，未压缩，没有丢行。请让该程序重新打开日志（信号、命令或服务重载），会自动重试。',
      en: 'The old file is kept uncompressed and no line is lost. Make that program reopen its log (signal, command or service reload); it is tried again.',
    },
  },
  LOG_ROTATION_REOPEN: {
    message: {
      zh: '通知写入程序重新打开日志失败：{why}',
      en: 'The writer could not be told to reopen its log: {why}',
    },
    hint: {
      zh: '程序仍写入旧文件，没有丢行。请检查策略中的信号、命令或服务。',
      en: 'It still writes to the old file, so no line is lost. Check signal, command or service in the policy.',
    },
  },
  LOG_ROTATION_HOOK: {
    message: { zh: '轮转脚本（{hook}）失败：{why}', en: 'The script "{hook}" of the rotation failed: {why}' },
    hint: { zh: '请检查脚本；会自动重试。', en: 'Check the script; it is tried again.' },
  },
  LOG_ROTATION_NAME_TAKEN: {
    message: { zh: '轮转后的文件名 {file} 已存在。', en: 'The name {file} of the rotated file is taken.' },
    hint: {
      zh: '请改用更细的日期格式（如 -%Y%m%d-%H%M%S）或编号命名。',
      en: 'Use a finer date format (such as -%Y%m%d-%H%M%S) or numbered names.',
    },
  },
  LOG_ROTATION_MISSING: {
    message: {
      zh: '策略“{name}”的路径 {path} 没有匹配任何文件。',
      en: 'Nothing matches {path} of the policy "{name}".',
    },
    hint: { zh: '请检查路径，或允许缺失。', en: 'Check the path, or allow it to be missing.' },
  },
  LOG_ROTATION_DRAIN: {
    message: {
      zh: '旧文件 {file} 还没有完全读入日志库：{why}',
      en: 'The old file {file} is not stored in the log store yet: {why}',
    },
    hint: { zh: '旧文件保留，会自动重试。', en: 'The old file is kept; it is tried again.' },
  },
  LOG_ROTATION_VANISHED: {
    message: {
      zh: '旧文件 {file} 在归档完成前不见了。',
      en: 'The old file {file} vanished before it was archived.',
    },
    hint: {
      zh: '请检查是否有其他程序（如 logrotate）也在轮转同一日志；这一段没有归档。',
      en: 'Check whether another program (such as logrotate) rotates the same log. This piece is not archived.',
    },
  },
  LOG_ROTATION_HOST: {
    message: {
      zh: '在主机 {host} 上执行 {what} 失败：{why}',
      en: 'On {host}, {what} failed: {why}',
    },
    hint: {
      zh: '没有丢行，会从这一步重试。请检查 SSH 用户对日志及其文件夹的权限，或按策略页列出的内容设置 sudo。',
      en: "No line is lost; it goes on in this step. Check what the SSH user may do with the log and its folder, or set up sudo as the policy's page prints it.",
    },
  },
  LOG_ROTATION_CARRIED: {
    message: {
      zh: '取回的 {file} 与主机上的不一致：{what}。主机上的旧文件保留。',
      en: 'What was fetched of {file} is not what is on the host: {what}. The old file is kept there.',
    },
    hint: { zh: '会重新取回。', en: 'It is fetched again.' },
  },
  LOG_ROTATION_POLICY: {
    message: { zh: '轮转策略有误：{why}', en: 'The rotation policy cannot be used: {why}' },
    hint: {
      zh: '请改正后再保存；原有策略不变。',
      en: 'Correct it and save again; the policy before stays in force.',
    },
  },
  LOG_ROTATION_POLICY_OUTDATED: {
    message: {
      zh: '轮转策略“{name}”的“{field}”已不能使用，策略没有运行。',
      en: 'The "{field}" of the rotation policy "{name}" cannot be used any more; the policy is not run.',
    },
    hint: {
      zh: '它是旧版本保存的。请在“日志 › 轮转”中打开它，改为绝对路径后保存。',
      en: 'An older version stored it. Open it in Logs › Rotation, make the path an absolute one, and save.',
    },
  },
  LOG_ROTATION_POLICY_UNREADABLE: {
    message: {
      zh: '保存的轮转策略“{name}”无法读取（{field}），策略没有运行。',
      en: 'The stored rotation policy "{name}" cannot be read ({field}); it is not run.',
    },
    hint: {
      zh: '请在“日志 › 轮转”中删除它并重新建立；它的归档段都会保留。',
      en: 'Remove it in Logs › Rotation and make it anew; all segments that it archived stay.',
    },
  },
  LOG_ROTATION_UNREADABLE: {
    message: {
      zh: '{file} 未完成的轮转记录无法读取（{field}），无法继续。',
      en: 'The record of an unfinished rotation of {file} cannot be read ({field}); it cannot go on.',
    },
    hint: {
      zh: '旧文件原样留在日志旁边，没有丢行；这个日志暂不再轮转。请从备份恢复 console.db。',
      en: 'The old file stays beside the log and no line is lost; this log is not rotated meanwhile. Restore console.db from a backup.',
    },
  },
  LOG_RETENTION_LOCKED: {
    message: {
      zh: '最短保留期是 {days} 天，只能延长，不能缩短。',
      en: 'The minimum retention is {days} days; it can be raised, never lowered.',
    },
    hint: {
      zh: '此锁定用于满足等保等留存要求。策略移除后，只要归档中还有它的归档段，同名的新策略也受其约束：请填不少于 {days} 天。',
      en: 'The lock is there to satisfy rules such as MLPS. It outlives the removal of its policy for as long as the archive holds segments of it: give at least {days} days.',
    },
  },
  LOG_PRUNE_CHANGED: {
    message: {
      zh: '预览之后情况已变化，没有删除任何归档。',
      en: 'Things have changed since the preview; nothing was removed.',
    },
    hint: { zh: '请重新预览并确认。', en: 'Look at the preview again and confirm it.' },
  },
  LOGROTATE_REFUSED: {
    message: {
      zh: 'logrotate 配置 {file} 第 {line} 行：无法接受“{directive}”。',
      en: 'The logrotate file {file}, line {line}: "{directive}" cannot be taken.',
    },
    hint: {
      zh: '没有导入任何策略。请先预览，查看全部无法接受的指令。',
      en: 'No policy was imported. Preview it to see everything that cannot be taken.',
    },
  },
});
