import { defineErrors } from '../define.ts';

/** Expected failures of planning, running and proving a restore. */
export const restoreErrors = defineErrors({
  RESTORE_TARGET_RELATIVE: {
    message: { zh: '恢复目标“{dir}”不是完整路径。', en: 'The restore target "{dir}" is not a full path.' },
    hint: { zh: '请用“浏览”选择一个文件夹。', en: 'Choose a folder with "Browse".' },
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
  RESTORE_UNSUPPORTED_TYPE: {
    message: {
      zh: '“{path}”是特殊文件（{type}），没有恢复。',
      en: '"{path}" is a special file ({type}) and was not restored.',
    },
    hint: { zh: '需要时请手工创建。', en: 'Make it by hand if it is needed.' },
  },
});
