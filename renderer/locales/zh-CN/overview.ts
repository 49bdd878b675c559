/** 中文文本。 */
export const overview = {
  title: '',
};
