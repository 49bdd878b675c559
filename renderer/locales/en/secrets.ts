import type { SameKeys } from '../same-keys.ts';
import type { secrets as keys } from '../zh-CN/secrets.ts';

/** English texts of the sealed store. */
export const secrets: SameKeys<typeof keys> = {
  title: 'Secrets',
  words: 'password passphrase token key lock unlock',
  body: 'Passwords, tokens and private keys are kept here, sealed. The window can set them and never read them.',
  open: 'Open',
  locked: 'Locked',
  lockedBody:
    'Scrapes, notifications, remote write and SSH that need a password rest; whatever needs none goes on: monitoring, logs, backups, restores.',
  fileBody:
    'A key file in the data folder guards it now: whoever can read that folder can read the passwords. Set a passphrase.',
  guards: 'Guarded by',
  guard: { key_store: "the system's key store", passphrase: 'a passphrase', file: 'a key file' },
  noGuards: 'The first secret brings its protection; a passphrase can be set before',
  noKeyStore: 'This machine has no key store that can be used',
  passphrase: 'Passphrase',
  current: 'Present passphrase',
  next: 'New passphrase',
  nextHint:
    '12 characters at least; a few unrelated words are easy to remember. When it is lost, so are the secrets.',
  repeat: 'Once more',
  repeatBad: 'The two are not the same',
  unlock: 'Unlock',
  unlockBody: 'Open until the engine restarts or it is locked again.',
  lock: 'Lock',
  set: 'Set a passphrase',
  change: 'Change the passphrase',
  changeBody: 'Every secret is sealed anew under a new key; the old passphrase opens nothing from then on.',
  remove: 'Key store only',
  removeBody: "Takes the passphrase away; from then on only this machine's key store guards the secrets.",
  table: 'Kept secrets',
  none: 'No secret is kept yet',
  noneBody:
    'What is typed into the settings of scrapes, channels or SSH logins is listed here; what several of them need can be added as a named secret.',
  area: 'Used by',
  field: 'What',
  place: 'Sent only to',
  nowhere: 'nowhere',
  since: 'Kept since',
  areas: {
    scrape: 'scraping',
    remote: 'remote write and read',
    channel: 'channels',
    ssh: 'SSH logins',
    named: 'named secrets',
  },
  fields: {
    password: 'password',
    bearerToken: 'token',
    key: 'TLS key',
    privateKey: 'SSH key',
    passphrase: 'passphrase of a key',
  },
  named: {
    title: 'Add a named secret',
    body: 'Checks of databases and others use a secret by its name; one of the same name is replaced.',
    name: 'Name',
    text: 'Secret',
    save: 'Save',
    remove: 'Remove',
  },
  input: {
    kept: 'kept, sealed',
    change: 'Replace',
    placeholder: 'sealed once it is saved',
  },
};
