/** 中文文本。 */
export const recovery = {
  title: '',
};
