/**
 * Variables of the console's own environment that commands get. All others are left out: the desktop runtime's own would
 * change how a program starts, and a password in one (PGPASSWORD, …) must not reach every hook.
 */
const PASSED_ON = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
  'SystemRoot',
  'SystemDrive',
  'ComSpec',
  'PATHEXT',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'ProgramFiles',
  'ProgramData',
] as const;

/** Environment of a command, with what is added. */
export function commandEnvironment(
  added: Readonly<Record<string, string | undefined>> = {},
): Readonly<Record<string, string>> {
  const passed = Object.entries(process.env).filter(
    ([name]) => name.startsWith('LC_') || PASSED_ON.some((kept) => kept === name),
  );
  return Object.fromEntries(
    [...passed, ...Object.entries(added)].filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
