import { join, resolve } from 'node:path';
import { type Language, languageSchema } from '#shared/contract/shell.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';

/** What the command line and the environment decide before anything starts. */
export type StartOptions = {
  /** The site's data folder. */
  readonly dataDir: string;
  /** The shell's own files: window state, the page's storage. Its lock makes the console a single instance. */
  readonly userDir: string;
  /** The language of this run; null leaves it to the settings. */
  readonly language: Language | null;
  /** Start without showing the window. */
  readonly hidden: boolean;
};

/** What the options are read from; everything is a parameter so that tests need no process. */
export type StartFacts = {
  /** Arguments after the executable (and, unpackaged, after the app's folder). */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingDir: string;
  /** The console's own folder of this user. */
  readonly home: string;
  /** Chromium's own `--user-data-dir`, empty when it was not given. */
  readonly userDirSwitch: string;
};

/**
 * Reads `--data DIR`, `--lang zh-CN|en` and `--hidden`; other arguments belong to Chromium and are left alone.
 *
 * A data folder that was named takes the shell's own files with it (`DIR/shell`): then two consoles can run on two
 * folders, and there is still one instance per folder.
 *
 * @returns BAD_START_OPTION naming the option that cannot be used
 */
export function planStart(facts: StartFacts): Result<StartOptions> {
  const data = optionValue(facts.argv, 'data');
  const language = optionValue(facts.argv, 'lang');
  if (data === '') return err(appError('BAD_START_OPTION', { option: '--data', wanted: 'DIR' }));
  const parsed = languageSchema.safeParse(language === 'zh' ? 'zh-CN' : language);
  if (language !== undefined && !parsed.success) {
    return err(appError('BAD_START_OPTION', { option: '--lang', wanted: 'zh-CN | en' }));
  }
  const named = data ?? (facts.env.HMTT_DATA || undefined);
  const dataDir = named === undefined ? join(facts.home, 'data') : resolve(facts.workingDir, named);
  const userDir = facts.userDirSwitch || (named === undefined ? facts.home : join(dataDir, 'shell'));
  return ok({
    dataDir,
    userDir,
    language: parsed.success ? parsed.data : null,
    hidden: facts.argv.includes('--hidden'),
  });
}

/** The last value of `--name VALUE` or `--name=VALUE`; empty when the value is missing. */
function optionValue(argv: readonly string[], name: string): string | undefined {
  let value: string | undefined;
  for (const [index, arg] of argv.entries()) {
    if (arg.startsWith(`--${name}=`)) value = arg.slice(name.length + 3);
    else if (arg === `--${name}`) {
      const next = argv[index + 1];
      value = next === undefined || next.startsWith('--') ? '' : next;
    }
  }
  return value;
}

/** The first of the operating system's languages that the console speaks; Chinese when it lists neither. */
export function systemLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const primary = tag.toLowerCase().split(/[-_]/)[0];
    if (primary === 'zh') return 'zh-CN';
    if (primary === 'en') return 'en';
  }
  return 'zh-CN';
}
