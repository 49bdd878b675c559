/** 打印文档的中文文本。 */
export const print = {
  save: '保存为 PDF',
  busy: '正在生成 PDF……',
  saved: '已保存到 {{path}}',
  back: '返回',
  runbook: '应急预案：{{title}}',
};
