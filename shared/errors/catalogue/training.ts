import { defineErrors } from '../define.ts';

/** Expected failures of the training site. */
export const trainingErrors = defineErrors({
  TRAINING_NOT_HERE: {
    message: { zh: '这不是演练站点。', en: 'This is no training site.' },
    hint: {
      zh: '用“打开演练站点”或 hmtt simulate 在单独的数据目录中启动演练。',
      en: 'Start one in a data folder of its own, with "Open the training site" or hmtt simulate.',
    },
  },
  TRAINING_FOLDER_REAL: {
    message: {
      zh: '{dir} 是真实站点的数据目录，不会放入演练数据。',
      en: '{dir} is the data folder of a real site; no training data is put into it.',
    },
    hint: { zh: '用 --data 指定一个空目录。', en: 'Name an empty folder with --data.' },
  },
  TRAINING_NO_POINT: {
    message: {
      zh: '还没有恢复点包含这些文件，现在删除就找不回来了。',
      en: 'No restore point holds these files yet; deleted now, they would be gone for good.',
    },
    hint: { zh: '先运行备份计划“training”。', en: 'Run the backup plan "training" first.' },
  },
  TRAINING_FILE_DAMAGED: {
    message: {
      zh: '演练站点的 {file} 无法读取：{why}',
      en: '{file} of the training site cannot be read: {why}',
    },
    hint: {
      zh: '删除演练站点的目录，重新开始；里面没有真实数据。',
      en: 'Remove the folder of the training site and begin anew; nothing in it is real.',
    },
  },
});
