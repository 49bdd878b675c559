import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostsIn, Senders } from '../../../main/engine/logs/receive/senders.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const LINE = Buffer.from('<13>x\n');

/** Lets hosts send one message each; returns the hosts that were new, and the folders that there are. */
function send(hosts: readonly string[], known: readonly string[] = []) {
  const folder = temporaryFolder('senders');
  const heard: string[] = [];
  const senders = new Senders(folder, known, (host) => heard.push(host));
  for (const host of hosts) senders.write(senders.of(host, '10.0.0.7'), '10.0.0.7', [LINE], 1);
  senders.close();
  return {
    heard,
    folders: readdirSync(folder).sort(),
    known: [...hostsIn(folder)].sort(),
    top: senders.top(10),
  };
}

describe('the folders of senders', () => {
  it.each(['CON', 'nul', 'com1', 'LPT9', 'aux.example', 'web.', 'nul.', 'fe80::1', 'other-senders'])(
    'no name that can be sent is a device, or loses its end: %s',
    (host) => {
      const { folders, known } = send([host]);
      expect(folders).toHaveLength(1);
      expect(folders[0]).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)|\.$|[:*?"<>|\\/]/i);
      expect(known).toEqual([host]);
    },
  );

  it('ordinary names are their own folder', () =>
    expect(send(['app-1', 'console', 'db.site.example']).folders).toEqual([
      'app-1',
      'console',
      'db.site.example',
    ]));

  it('two folders that stand for one host are one source', () => {
    const folder = temporaryFolder('senders');
    for (const name of ['web.', 'web%2E', '%77eb%2E', 'app-1']) mkdirSync(join(folder, name));
    expect([...hostsIn(folder)].sort()).toEqual(['app-1', 'web.']);
  });

  it('capital and small letters are one host, as in the names of the network', () => {
    const { heard, folders, top } = send(['Web-1', 'web-1', 'WEB-1']);
    expect(heard).toEqual(['Web-1']);
    expect(folders).toEqual(['Web-1']);
    expect(top).toMatchObject([{ host: 'Web-1', messages: 3 }]);
    expect(send(['WEB-1'], ['web-1']).folders).toEqual(['web-1']);
  });
});
