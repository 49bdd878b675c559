import type { SameKeys } from '../same-keys.ts';
import type { keys as texts } from '../zh-CN/keys.ts';

/** English texts of the keys of encrypted plans. */
export const keys: SameKeys<typeof texts> = {
  intro:
    'Encrypted restore points open with one of their keys only; the console keeps no passphrase. Print the key sheets and keep them apart from the media: when every key is lost, the archives never open again.',
  none: {
    title: 'There is no key yet',
    body: 'Make a key sealed by a passphrase, then choose it under "Protection" of a backup plan.',
  },
  create: 'Make a key',
  addRecipient: 'Register a recipient',
  unlock: 'Unlock',
  lockAll: 'Lock all',
  unnamed: 'No name',
  state: {
    unlocked: 'Unlocked until {{until}}',
    locked: 'Locked',
    overdue: 'Test overdue',
    untested: 'Never tested',
    tested: 'Tested',
  },
  fact: {
    fingerprint: 'Fingerprint',
    recipient: 'Recipient',
    plans: 'Plans that use it',
    noPlans: 'No plan uses it',
    keyFile: 'Key file',
    hasKeyFile: 'Yes: sealed by a passphrase, written onto the media beside the archives ({{file}})',
    noKeyFile: 'No: you keep the identity elsewhere',
    tested: 'Last test',
    due: 'Next test not later than',
    never: 'Never',
  },
  test: {
    action: 'Test whether it opens',
    title: 'Does it still open our archives?',
    body: 'Give the passphrase or identity: the console decrypts one frame of the newest archive with it and writes the day down. At least once a year. Nothing stays unlocked.',
    start: 'Test',
    done: 'It opens: restore point {{point}}.',
  },
  secret: {
    how: 'What opens it',
    passphrase: 'Passphrase',
    identity: 'Identity or key file',
    identityHint:
      'Paste the AGE-SECRET-KEY-… line; with the content of a *.key.age file give its passphrase as well.',
    dir: 'Folder with key files (optional)',
    dirHint:
      'For a key that the console does not know yet, such as that of a medium: its *.key.age files are tried, too.',
    shares: 'Sheets of a split key',
    sharesHint: 'The text of one sheet on each line.',
    body: 'It stays unlocked in memory only, for 15 minutes, or until it is locked or the console ends.',
  },
  make: {
    title: 'Make a key',
    body: 'The console makes a key and keeps it only as a file sealed by your passphrase. Runs need no passphrase; restoring and complete verification do.',
    name: 'Name',
    passphrase: 'Passphrase',
    again: 'Once more',
    hint: 'At least 12 characters; five random words are good. It cannot be recovered.',
    differs: 'The two differ.',
    postQuantum: 'Post-quantum (age1pq1…; opening it without the console takes age 1.3 or newer)',
  },
  add: {
    title: 'Register a recipient',
    body: 'For a key made elsewhere, such as with age-keygen on an offline host: the console knows its public part only.',
    recipient: 'Recipient (age1…)',
  },
  sheet: {
    save: 'Key sheet',
    withIdentity: 'Key sheet with identity',
    warn: 'Paper with the identity in clear is the key itself. Seal it.',
  },
  split: {
    action: 'Split into sheets',
    title: 'Split the key: any m sheets open it',
    body: 'Splits the identity into sheets for different people. As many as are needed open it; one fewer tells nothing.',
    of: 'Sheets in all',
    needed: 'Sheets that open it',
    start: 'Split',
    print: 'Sheet {{number}}',
    after:
      'Save and print each sheet and give them to different people. To print again later the key must be split again; sheets of two splits do not go together.',
  },
  remove: 'Remove',
  doc: {
    title: 'Key sheet: {{name}}',
    shareTitle: 'Sheet of a split key: {{name}}, {{number}} of {{of}}',
    purpose:
      'This paper opens encrypted backups. Keep it locked away, apart from the media; once a year test with it whether the archives still open.',
    created: 'Made on',
    keyFileHead: 'Key file (sealed by a passphrase)',
    keyFileBody:
      'The same as {{file}} on the media. It takes the passphrase to open, which is not on this paper.',
    identityHead: 'Identity (in clear)',
    identityBody: 'Whoever has this line opens every archive encrypted to it. Seal this paper.',
    shareHead: 'Text of this sheet',
    shareBody:
      'Bring {{needed}} of the {{of}} sheets together and type each as a line under Backups → Keys → Unlock → Sheets of a split key.',
    publicOnly:
      'The console does not have the identity of this key; this sheet shows its public part only. You keep the identity elsewhere.',
    useHead: 'How to open archives without the console',
    useScan:
      'Scan the QR code or copy the text above into a file key.txt, then run on a host with age, zstd and tar:',
    useGzip:
      'For archives that end in .gz.age use gzip -dc instead of zstd -dc. Unpack the full first, then the later archives in order; the README on the medium has the steps.',
    qr: 'QR code with the same text as above',
    passphraseHolder: 'Who keeps the passphrase (do not write it here):',
    testLog: 'Tests (date, signature):',
  },
};
