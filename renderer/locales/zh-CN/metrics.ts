/** 中文文本。 */
export const metrics = {
  title: '',
};
