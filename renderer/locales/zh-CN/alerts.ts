/** 中文文本。 */
export const alerts = {
  title: '',
};
