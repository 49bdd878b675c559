import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openArchive } from '../../../main/engine/backup/archive-reader.ts';
import { type EntryHazard, HAZARD_TEXT } from '../../../main/engine/backup/hazards.ts';
import { verifyArchive } from '../../../main/engine/backup/verify.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';
import { craftArchive, craftedEntry, type Lies } from './craft.ts';

const CONTENT = Buffer.from('0123456789');
const HASH = createHash('sha256').update(CONTENT).digest('hex');

async function openCrafted(lies: Lies, content = CONTENT) {
  const path = join(temporaryFolder('hostile'), 'a.tar.zst');
  await craftArchive(path, content, lies);
  return openArchive(path);
}

/** The codes that verification finds in an archive with these entries. */
async function findings(lies: Lies): Promise<readonly string[]> {
  const opened = await openCrafted(lies);
  if (!opened.ok) return [opened.error.code];
  const found = await verifyArchive(opened.value, null, async () => undefined);
  await opened.value.close();
  return found.damaged.map((each) => each.error.code);
}

describe('a crafted archive', () => {
  it('is accepted when it tells the truth', async () => {
    const entry = craftedEntry('x/file', { size: 10, sha256: HASH, frame: 0, at: 0 });
    expect(await findings({ entries: [entry] })).toEqual([]);
  });

  it.each<readonly [string, EntryHazard]>([
    ['../../etc/passwd', 'traversal'],
    ['/etc/passwd', 'absolute'],
    ['x/../../y', 'traversal'],
    ['', 'empty'],
    ['x//y', 'traversal'],
    ['x/./y', 'traversal'],
    ['x\0y', 'nul'],
    [`x/${'n'.repeat(256)}`, 'too_long'],
    [`${'d/'.repeat(4096)}f`, 'too_deep'],
    ['.hmtt-archive/manifest.ndjson', 'reserved'],
    ['x/\ud800', 'not_bytes'],
  ])('with the entry %j is called unsafe (%s)', async (path, hazard) => {
    const opened = await openCrafted({ entries: [craftedEntry(path)] });
    if (!opened.ok) throw new Error(opened.error.message.en);
    const found = await verifyArchive(opened.value, null, async () => undefined);
    await opened.value.close();
    expect(found.ok).toBe(false);
    expect(found.damaged[0]?.error.code).toBe('BACKUP_ENTRY_UNSAFE');
    expect(found.damaged[0]?.error.message.en).toContain(HAZARD_TEXT[hazard].en);
  });

  it('that plants a link and writes through it is called unsafe', async () => {
    const link = craftedEntry('x/out', { type: 'symlink', link: '/etc' });
    expect(await findings({ entries: [link, craftedEntry('x/out/passwd')] })).toEqual([
      'BACKUP_ENTRY_UNSAFE',
    ]);
    expect(await findings({ entries: [craftedEntry('x/out/passwd'), link] })).toEqual([
      'BACKUP_ENTRY_UNSAFE',
    ]);
  });

  it('with a hard link to what it does not hold, or a path twice, is called unsafe', async () => {
    const link = craftedEntry('x/shadow', { type: 'hardlink', link: 'etc/shadow' });
    expect(await findings({ entries: [link] })).toEqual(['BACKUP_ENTRY_UNSAFE']);
    expect(await findings({ entries: [craftedEntry('x/a'), craftedEntry('x/a')] })).toEqual([
      'BACKUP_ENTRY_UNSAFE',
    ]);
  });

  it('whose content is not what its hash says is found out', async () => {
    const entry = craftedEntry('x/file', { size: 10, sha256: HASH, frame: 0, at: 0 });
    expect(await findings({ entries: [{ ...entry, at: 1, size: 9 }] })).toEqual(['BACKUP_CONTENT_DIFFERS']);
  });

  it('whose content lies outside its frames ends in a fault, not in a hang', async () => {
    const beyond = craftedEntry('x/file', { size: 1e12, sha256: HASH, frame: 0, at: 0 });
    expect(await findings({ entries: [beyond] })).toEqual(['BACKUP_MANIFEST_DAMAGED']);
    const opened = await openCrafted({
      entries: [beyond, craftedEntry('x/no', { size: 4, frame: 7, at: 0 })],
    });
    if (!opened.ok) throw new Error(opened.error.message.en);
    for await (const entry of opened.value.entries()) {
      const read = async (): Promise<void> => {
        for await (const _piece of opened.value.readFile(entry));
      };
      await expect(read()).rejects.toThrow(/BACKUP_(FRAME|MANIFEST)_DAMAGED/);
    }
    await opened.value.close();
  });

  it('whose frame unpacks to more than it promises is refused before it fills the memory', async () => {
    const opened = await openCrafted(
      {
        entries: [craftedEntry('x/bomb', { size: 10, sha256: HASH, frame: 0, at: 0 })],
        frames: (lines) => lines.map((line) => ({ ...line, length: 10 })),
      },
      Buffer.alloc(1 << 20),
    );
    if (!opened.ok) throw new Error(opened.error.message.en);
    await expect(opened.value.frames.frame(0)).rejects.toThrow('BACKUP_FRAME_DAMAGED');
    await opened.value.close();
  });

  it.each<readonly [string, Lies, string]>([
    ['of a later version', { header: { version: 2 } }, 'BACKUP_ARCHIVE_FROM_FUTURE'],
    [
      'with a feature nobody knows',
      { header: { needs: ['what nobody knows'] } },
      'BACKUP_ARCHIVE_FROM_FUTURE',
    ],
    ['without an end', { withoutEnd: true }, 'BACKUP_MANIFEST_DAMAGED'],
    ['with fewer frames than counted', { end: { frames: 2 } }, 'BACKUP_MANIFEST_DAMAGED'],
    ['with overlapping frames', { frames: (lines) => [...lines, ...lines] }, 'BACKUP_MANIFEST_DAMAGED'],
    [
      'with a frame of a gigabyte',
      { frames: ([line]) => (line ? [{ ...line, length: 1 << 30 }] : []) },
      'BACKUP_MANIFEST_DAMAGED',
    ],
    ['with another format name', { header: { format: 'other' } }, 'BACKUP_MANIFEST_DAMAGED'],
  ])('%s is refused whole', async (_name, lies, code) => {
    const opened = await openCrafted(lies);
    expect(opened.ok ? 'opened' : opened.error.code).toBe(code);
  });

  it('with a line of an unknown kind is refused as newer, one that is no JSON as damaged', async () => {
    expect(await findings({ rawLines: ['{"k":"delta"}'] })).toEqual(['BACKUP_ARCHIVE_FROM_FUTURE']);
    expect(await findings({ rawLines: ['nonsense'] })).toEqual(['BACKUP_MANIFEST_DAMAGED']);
  });

  it('that lost entries is found out', async () => {
    expect(await findings({ end: { entries: 3 } })).toEqual(['BACKUP_MANIFEST_DAMAGED']);
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['a text', Buffer.from('hello')],
    ['noise', Buffer.alloc(100_000, 0xa5)],
    ['only the closing words of one', Buffer.from('HMTTTAIL')],
  ])('that is %s is no archive', async (_name, bytes) => {
    const path = join(temporaryFolder('hostile'), 'a.tar.zst');
    writeFileSync(path, bytes);
    const opened = await openArchive(path);
    expect(opened.ok ? '' : opened.error.code).toBe('BACKUP_NOT_AN_ARCHIVE');
  });

  it('that is encrypted, or is not there, is refused in words', async () => {
    const dir = temporaryFolder('hostile');
    writeFileSync(
      join(dir, 'a.tar.zst.age'),
      `age-encryption.org/v1\n-> X25519 AA\nAA\n--- AA\n${'x'.repeat(40)}`,
    );
    const encrypted = await openArchive(join(dir, 'a.tar.zst.age'));
    expect(encrypted.ok ? '' : encrypted.error.code).toBe('BACKUP_LOCKED');
    const absent = await openArchive(join(dir, 'b.tar.zst'));
    expect(absent.ok ? '' : absent.error.code).toBe('BACKUP_ARCHIVE_ABSENT');
  });
});
