/** 中文文本。 */
export const hosts = {
  title: '',
};
