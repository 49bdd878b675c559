/** 中文文本。 */
export const settings = {
  title: '',
};
