import { userInfo } from 'node:os';

/** The operating system's user that this process runs as. */
export function operatingUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the user database has a number only.
    return process.getuid === undefined ? 'engine' : `uid ${process.getuid()}`;
  }
}
