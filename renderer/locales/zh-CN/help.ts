/** 各页的中文帮助;每行一段。 */
export const help = {
  overview: '',
  hosts: '',
  metrics: '',
  alerts: '',
  logs: '',
  backups: '',
  recovery: '',
  settings: '',
};
