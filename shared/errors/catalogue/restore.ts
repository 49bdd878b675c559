import { defineErrors } from '../define.ts';

/** Expected failures of planning, running and proving a restore. */
export const restoreErrors = defineErrors({
  RESTORE_TARGET_RELATIVE: {
    message: { zh: '恢复目标“{dir}”不是完整路径。', en: 'The restore target "{dir}" is not a full path.' },
    hint: { zh: '请用“浏览”选择一个文件夹。', en: 'Choose a folder with "Browse".' },
  },
  RESTORE_NO_POINT: {
    message: {
      zh: '备份计划“{name}”在所给时间还没有可用的恢复点。',
      en: 'Backup plan "{name}" has no restore point that was complete at that time.',
    },
    hint: {
      zh: '“backup list {name}”列出各恢复点及其时间；不写 --at 就用最新的一个。',
      en: '"backup list {name}" shows its points with their times; without --at it is the newest.',
    },
  },
  RESTORE_NOTHING_SELECTED: {
    message: {
      zh: '所选内容在这个恢复点中不存在。',
      en: 'Nothing of the selection is in this restore point.',
    },
    hint: {
      zh: '请换一个恢复点，或重新选择文件。',
      en: 'Choose another restore point, or select files again.',
    },
  },
  RESTORE_NOT_CONFIRMED: {
    message: {
      zh: '确认词不符，恢复没有开始。',
      en: 'The confirmation does not match; the restore was not started.',
    },
    hint: {
      zh: '请照原样输入“{word}”。没有写入任何文件。',
      en: 'Type "{word}" exactly. Nothing was written.',
    },
  },
  RESTORE_NO_SPACE: {
    message: {
      zh: '目标磁盘空间不足：需要 {needed}，只剩 {free}。',
      en: 'Not enough space at the target: {needed} needed, {free} free.',
    },
    hint: {
      zh: '请释放空间，或恢复到另一个磁盘。没有写入任何文件。',
      en: 'Free space, or restore to another disk. Nothing was written.',
    },
  },
  RESTORE_ALREADY_RUNNING: {
    message: { zh: '这个恢复已在进行，或已经结束。', en: 'This restore is running already, or has ended.' },
    hint: {
      zh: '请在“恢复”页查看它的进度和凭证。',
      en: 'See its progress and evidence on the Recovery page.',
    },
  },
  RESTORE_UNSAFE_PATH: {
    message: {
      zh: '归档中的路径“{path}”不安全（{zh}），没有恢复。',
      en: 'The path "{path}" in the archive is unsafe ({en}) and was not restored.',
    },
    hint: {
      zh: '正常的备份不会产生这样的路径；这个归档可能被改动过，请核实其来源。',
      en: 'No regular backup makes such a path: the archive may have been tampered with. Check where it came from.',
    },
  },
  RESTORE_TARGET_CHANGED: {
    message: {
      zh: '“{path}”在预览之后被改动，没有覆盖它。',
      en: '"{path}" was changed after the preview and was not overwritten.',
    },
    hint: { zh: '请重新预览后再恢复这个文件。', en: 'Make a new preview, then restore this file again.' },
  },
  RESTORE_WRITE_FAILED: {
    message: { zh: '“{path}”没有写成：{why}', en: '"{path}" could not be written: {why}' },
    hint: {
      zh: '原来的文件没有被动过。请检查权限和空间，然后继续恢复。',
      en: 'What was there before is untouched. Check permissions and space, then resume the restore.',
    },
  },
  RESTORE_VERIFY_FAILED: {
    message: {
      zh: '“{path}”恢复后与备份不一致（校验和不同）。',
      en: '"{path}" differs from the backup after the restore (checksum).',
    },
    hint: {
      zh: '可能有程序正在改写它，或磁盘有问题。请停止该程序后再次恢复这个文件。',
      en: 'A program may be writing it, or the disk is failing. Stop the program and restore the file again.',
    },
  },
  RESTORE_SAFETY_FAILED: {
    message: {
      zh: '“{path}”原来的内容没能留底（{why}），所以没有覆盖它。',
      en: 'What stands at "{path}" could not be kept ({why}), so it was not overwritten.',
    },
    hint: {
      zh: '请检查数据文件夹所在磁盘的空间和权限，然后继续恢复。',
      en: "Check space and permissions on the data folder's disk, then resume the restore.",
    },
  },
  RESTORE_SAFETY_DAMAGED: {
    message: {
      zh: '“{path}”的留底（{file}）不见了或被改动，无法还原它。',
      en: 'The safety copy of "{path}" ({file}) is missing or was changed; it cannot be put back.',
    },
    hint: {
      zh: '现在的文件没有被动过。请从恢复点恢复它。',
      en: 'What stands there now is untouched. Restore it from a restore point.',
    },
  },
  RESTORE_SAFETY_NO_SPACE: {
    message: {
      zh: '留底所需空间不足：“{dir}”需要 {needed}，只剩 {free}。',
      en: 'Not enough space to keep what is overwritten: {needed} needed in "{dir}", {free} free.',
    },
    hint: {
      zh: '请释放空间，放弃旧恢复的留底，或恢复到另一个文件夹。没有写入任何文件。',
      en: 'Free space, discard the safety copies of old restores, or restore to another folder. Nothing was written.',
    },
  },
  RESTORE_NOTHING_TO_UNDO: {
    message: {
      zh: '这个恢复没有可以撤销的内容。',
      en: 'There is nothing to undo in this restore.',
    },
    hint: {
      zh: '它没有写入文件，没有留底，或留底已放弃。',
      en: 'It wrote nothing, kept no safety copies, or they were discarded.',
    },
  },
  RESTORE_NOT_REMOVED: {
    message: {
      zh: '没有删除“{path}”：里面还有别的文件，或它不可删除。',
      en: '"{path}" was not removed: there is something else in it, or it may not be removed.',
    },
    hint: {
      zh: '恢复之后有人在里面放了文件。请核实后手工处理。',
      en: 'Somebody put files there after the restore. Look at them and decide by hand.',
    },
  },
  RESTORE_SAME_TARGET: {
    message: {
      zh: '改名之后“{path}”会写两次，只写了先出现的那个。',
      en: 'After renaming, "{path}" would be written twice; only the first was written.',
    },
    hint: { zh: '请给它们不同的名称。', en: 'Give them different names.' },
  },
  RESTORE_NAME_UNSOUND: {
    message: {
      zh: '“{name}”不能用作归档内的路径。',
      en: '"{name}" cannot be used as a path inside the archive.',
    },
    hint: {
      zh: '请写成 srv/data 这样的路径，不含“..”。',
      en: 'Write a path such as srv/data, without "..".',
    },
  },
  RESTORE_OWNER_UNKNOWN: {
    message: {
      zh: '本机没有这些用户或组：{names}。',
      en: 'These users or groups do not exist here: {names}.',
    },
    hint: {
      zh: '请先建立它们，或填写编号。',
      en: 'Create them first, or give their numbers.',
    },
  },
  RESTORE_APP_CHECK_FAILED: {
    message: {
      zh: '文件已恢复，但应用检查“{command}”没有通过（{outcome}）。',
      en: 'The files are restored, but the application check "{command}" did not pass ({outcome}).',
    },
    hint: {
      zh: '凭证中有它的输出。请检查应用，必要时撤销恢复。',
      en: 'Its output is in the evidence. Look at the application; undo the restore if need be.',
    },
  },
  RESTORE_TARGET_GONE: {
    message: {
      zh: '恢复目标“{dir}”不见了：磁盘已断开，或挂载点成了普通文件夹。',
      en: 'The restore target "{dir}" is gone: its disk was disconnected, or the mount point is an ordinary folder now.',
    },
    hint: {
      zh: '请重新连接磁盘，然后继续恢复；已写入的不会重写。',
      en: 'Connect the disk again, then resume; what is written is not written again.',
    },
  },
  EVIDENCE_UNREADABLE: {
    message: {
      zh: '这不是恢复凭证文件：{why}',
      en: 'This is not an evidence file: {why}',
    },
    hint: {
      zh: '请选择由控制台保存的 JSON 凭证。',
      en: 'Choose the JSON that the console saved.',
    },
  },
  EVIDENCE_NOT_GENUINE: {
    message: {
      zh: '凭证“{file}”与它的校验和或签名不符：它在签发之后被改动过。',
      en: 'The evidence "{file}" does not match its checksum or signature: it was changed after it was issued.',
    },
    hint: {
      zh: '请向签发的控制台索取原件。',
      en: 'Ask the console that issued it for the original.',
    },
  },
});
