import { defineErrors } from '../define.ts';

/** Expected failures of disaster recovery: drills, runbooks, the register as a file. */
export const recoveryErrors = defineErrors({
  DRILL_SCHEDULE_INVALID: {
    message: {
      zh: '演练时间“{schedule}”无法识别：{why}',
      en: 'The drill schedule "{schedule}" is not valid: {why}',
    },
    hint: {
      zh: '请填写五段的 cron 表达式，例如 0 3 1 * * 表示每月 1 日 3 时。',
      en: 'Give a cron expression of five fields, e.g. 0 3 1 * * for 03:00 on the first of each month.',
    },
  },
  DRILL_NO_POINT: {
    message: {
      zh: '备份计划“{plan}”没有可恢复的恢复点。',
      en: 'Backup plan "{plan}" has no restorable point.',
    },
    hint: {
      zh: '请先做一次备份，或接上存放归档的介质。',
      en: 'Make a backup first, or connect the medium that holds one.',
    },
  },
  DRILL_RUNNING: {
    message: { zh: '备份计划“{plan}”正在演练。', en: 'A drill of backup plan "{plan}" is running.' },
    hint: { zh: '请等它结束，或先取消它。', en: 'Wait until it has ended, or cancel it first.' },
  },
  DRILL_SCRATCH_UNUSABLE: {
    message: { zh: '演练文件夹 {dir} 无法使用：{why}', en: 'The drill folder {dir} cannot be used: {why}' },
    hint: {
      zh: '请检查权限和剩余空间，或另选文件夹。',
      en: 'Check its permissions and free space, or choose another.',
    },
  },
  DRILL_INCOMPLETE: {
    message: {
      zh: '只有 {verified} 个文件读回后与清单一致，应为 {files} 个。',
      en: 'Only {verified} files equalled the manifest when read back; it should have been {files}.',
    },
    hint: {
      zh: '请打开演练记录，查看未能恢复的文件。',
      en: 'Open the drill to see the files that did not come back.',
    },
  },
  DRILL_APP_CHECK_FAILED: {
    message: {
      zh: '应用检查没有通过（{outcome}，退出码 {code}）。',
      en: 'The application check did not pass ({outcome}, exit code {code}).',
    },
    hint: {
      zh: '文件已正确恢复，但应用不接受它们。请查看检查命令的输出。',
      en: 'The files came back right, but the application does not accept them. Read what the check wrote.',
    },
  },
  DRILL_DATABASE_FAILED: {
    message: {
      zh: '数据库转储“{source}”未能装入临时服务器：{why}',
      en: 'The dump "{source}" could not be loaded into a scratch server: {why}',
    },
    hint: {
      zh: '请查看演练记录；在它通过之前，不要指望这个转储。',
      en: 'See the drill; do not count on this dump until it passes.',
    },
  },
  DRILL_LEFT_BEHIND: {
    message: {
      zh: '演练文件夹 {dir} 没有清理干净：{why}',
      en: 'The drill folder {dir} could not be removed: {why}',
    },
    hint: {
      zh: '控制台下次启动时会再次清理；也可以手工删除。',
      en: 'The console tries again at its next start; it may be removed by hand.',
    },
  },
  RUN_ENDED: {
    message: { zh: '这次执行已经结束。', en: 'This run has ended.' },
    hint: {
      zh: '已结束的记录不再改动。需要时请重新开始一次。',
      en: 'Records that have ended are not changed. Start a new one if need be.',
    },
  },
  RECOVERY_FILE_REFUSED: {
    message: { zh: '无法导入：{why}', en: 'The file cannot be imported: {why}' },
    hint: {
      zh: '没有改动任何内容。请更正指出的位置后重试。',
      en: 'Nothing was changed. Correct the place that is named and try again.',
    },
  },
});
