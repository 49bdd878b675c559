import { defineErrors } from '../define.ts';

/** Expected failures of the data folder and its files. */
export const storageErrors = defineErrors({
  DATA_FOLDER_IN_USE: {
    message: {
      zh: '数据目录 {dir} 正被进程 {pid} 使用（自 {since}）。',
      en: 'The data folder {dir} is in use by process {pid} (since {since}).',
    },
    hint: {
      zh: '请使用已打开的控制台，或先退出它；也可用 --data 指定另一个目录。',
      en: 'Use the console that is already open, or quit it first; --data names another folder.',
    },
  },
  DATA_FOLDER_UNUSABLE: {
    message: { zh: '数据目录 {dir} 无法使用：{why}', en: 'The data folder {dir} cannot be used: {why}' },
    hint: {
      zh: '请检查目录的权限和剩余空间，或用 --data 指定另一个目录。',
      en: 'Check the permissions and free space of the folder, or name another one with --data.',
    },
  },
  SCHEMA_FROM_FUTURE: {
    message: {
      zh: '文件 {file} 由更新的版本写成（结构版本 {found}，本程序支持到 {known}）。',
      en: 'The file {file} was written by a newer version (schema {found}, this program knows {known}).',
    },
    hint: {
      zh: '请安装同样新的控制台；文件没有被改动。',
      en: 'Install a console at least as new; the file was not touched.',
    },
  },
  DATABASE_DAMAGED: {
    message: { zh: '文件 {file} 已损坏：{why}', en: 'The file {file} is damaged: {why}' },
    hint: {
      zh: '请从备份恢复该文件；原文件已保留未动。',
      en: 'Restore the file from a backup; the damaged one was left as it is.',
    },
  },
  DISK_FULL: {
    message: { zh: '磁盘已满，无法写入 {file}。', en: 'The disk is full: {file} could not be written.' },
    hint: {
      zh: '请在该磁盘上释放空间；写到一半的内容不会保留，之前的数据完好。',
      en: 'Free space on that disk; nothing half-written is kept and earlier data is intact.',
    },
  },
  READ_ONLY: {
    message: { zh: '{file} 是只读的，无法写入。', en: '{file} is read-only and cannot be written.' },
    hint: { zh: '请检查权限，或选择可写的位置。', en: 'Check the permissions, or choose a writable place.' },
  },
  FILE_UNREADABLE: {
    message: { zh: '无法读取 {file}：{why}', en: '{file} cannot be read: {why}' },
    hint: { zh: '请检查文件是否存在以及读取权限。', en: 'Check that the file exists and may be read.' },
  },
});
