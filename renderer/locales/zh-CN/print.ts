/** 打印文档的中文文本。 */
export const print = {
  save: '保存为 PDF',
  busy: '正在生成 PDF……',
  saved: '已保存到 {{path}}',
  back: '返回',
  problems: '当前问题清单',
  noProblems: '全部正常。',
};
