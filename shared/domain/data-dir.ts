/** What decides where the console keeps its data. */
export type DataDirFacts = {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
};

/** The folder of the console's settings and data: the same for the window and the command line. */
export function consoleHome(facts: DataDirFacts): string {
  const { env, home, platform } = facts;
  if (platform === 'win32') return `${env.APPDATA ?? `${home}\\AppData\\Roaming`}\\hmtt-console`;
  if (platform === 'darwin') return `${home}/Library/Application Support/hmtt-console`;
  return `${env.XDG_CONFIG_HOME || `${home}/.config`}/hmtt-console`;
}

/** The data folder: `$HMTT_DATA`, else `data` in the console's own folder. */
export function defaultDataDir(facts: DataDirFacts): string {
  const chosen = facts.env.HMTT_DATA;
  if (chosen !== undefined && chosen !== '') return chosen;
  return `${consoleHome(facts)}${facts.platform === 'win32' ? '\\' : '/'}data`;
}

/** Where compiled code is kept between commands: a cache that can be deleted at any time. */
export function compiledFolder({ env, home, platform }: DataDirFacts): string {
  if (platform === 'win32') return `${env.LOCALAPPDATA ?? `${home}\\AppData\\Local`}\\hmtt-console\\compiled`;
  if (platform === 'darwin') return `${home}/Library/Caches/hmtt-console/compiled`;
  return `${env.XDG_CACHE_HOME || `${home}/.cache`}/hmtt-console/compiled`;
}
