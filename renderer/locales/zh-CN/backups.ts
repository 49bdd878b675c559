/** 中文文本。 */
export const backups = {
  title: '',
};
