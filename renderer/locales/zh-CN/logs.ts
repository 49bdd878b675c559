/** 中文文本。 */
export const logs = {
  title: '',
};
