import { defineErrors } from '../define.ts';

/** Expected failures of the desktop side: start options, dialogs, files that the operator chose. */
export const shellErrors = defineErrors({
  BAD_START_OPTION: {
    message: {
      zh: '启动选项 {option} 不可用，应为：{wanted}。',
      en: 'The start option {option} needs: {wanted}.',
    },
    hint: { zh: '请更正该选项后重新启动。', en: 'Correct the option and start again.' },
  },
  USER_FOLDER_UNUSABLE: {
    message: { zh: '目录 {dir} 无法使用：{why}', en: 'The folder {dir} cannot be used: {why}' },
    hint: {
      zh: '请检查该目录的权限和剩余空间，或用 --data 指定另一个目录。',
      en: 'Check its permissions and free space, or name another folder with --data.',
    },
  },
  CHOSEN_FILE_TOO_LARGE: {
    message: {
      zh: '文件 {file} 太大：{size} 字节，最多 {limit} 字节。',
      en: 'The file {file} is too large: {size} bytes, at most {limit}.',
    },
    hint: {
      zh: '请确认选对了文件；没有读取任何内容。',
      en: 'Check that it is the right file; nothing was read.',
    },
  },
  CHOSEN_FILE_NOT_TEXT: {
    message: { zh: '文件 {file} 不是 UTF-8 文本。', en: 'The file {file} is not UTF-8 text.' },
    hint: {
      zh: '请选择文本文件，或先将其另存为 UTF-8 编码。',
      en: 'Choose a text file, or save it in UTF-8 first.',
    },
  },
  FILE_NOT_SAVED: {
    message: { zh: '无法保存 {file}：{why}', en: '{file} could not be saved: {why}' },
    hint: {
      zh: '原有文件没有改动。请检查权限和剩余空间，或选择其他位置。',
      en: 'An existing file was not touched. Check permissions and free space, or choose another place.',
    },
  },
  PRINT_TIMED_OUT: {
    message: {
      zh: '文档在 {seconds} 秒内没有准备好，没有生成 PDF。',
      en: 'The document was not ready within {seconds} s; no PDF was made.',
    },
    hint: {
      zh: '请等状态栏显示引擎正在运行后重试。',
      en: 'Try again when the status bar says that the engine is running.',
    },
  },
  PRINT_UNKNOWN: {
    message: { zh: '没有名为 {kind} 的打印文档。', en: 'There is no printed document called {kind}.' },
    hint: { zh: '请从页面上的打印按钮打开。', en: "Use a page's own print button." },
  },
  PRINT_FAILED: {
    message: { zh: '无法生成 PDF：{why}', en: 'The PDF could not be made: {why}' },
    hint: { zh: '请重试；也可以另存为文本。', en: 'Try again, or save as text instead.' },
  },
});
