import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VerifyReport } from '#shared/contract/backup.ts';
import { openArchive } from '../../../main/engine/backup/archive-reader.ts';
import { openChain } from '../../../main/engine/backup/chain-reader.ts';
import { verifyArchive } from '../../../main/engine/backup/verify.ts';
import { callContext, debian, type Harness, openHarness, scratch, value } from './harness.ts';

const PASSPHRASE = 'correct horse battery 电池 staple';
const nothing = async (): Promise<void> => undefined;

/** Decrypts with the sealed key file: `age` asks for the passphrase on its terminal, which `script` gives it. */
function decryptWithPassphrase(keyFile: string, archive: string, to: string, passphrase: string): string {
  const ran = spawnSync('script', ['-qec', `age -d -i '${keyFile}' -o '${to}' '${archive}'`, '/dev/null'], {
    encoding: 'utf8',
    input: `${passphrase}\n`,
    timeout: 60_000,
  });
  if (ran.error !== undefined)
    throw new Error(`this test needs Debian's "script" (bsdutils): ${ran.error.message}`);
  return `${ran.status}: ${ran.stdout}`;
}

describe('an encrypted plan', () => {
  const place = scratch('encrypted');
  const source = join(place.dir, 'source');
  const external = join(place.dir, 'external.txt');
  let harness: Harness;
  let recipient = '';
  const points: string[] = [];
  const archive = (index: number): string => value(harness.area.findPoint(points[index] ?? '')).archivePath;
  const identity = (): string => readFileSync(external, 'utf8');
  const secretLine = (): string =>
    identity()
      .split('\n')
      .find((line) => line.startsWith('AGE-SECRET-KEY-')) ?? '';
  const keys = () => ({ identities: [secretLine()] });
  const handlers = () => harness.area.handlers;
  const verified = async (pointId: string): Promise<VerifyReport | null> => {
    await harness.verify('safe', pointId);
    return value(await handlers()['backup.verifyReport']({ pointId }, callContext)).report;
  };

  beforeAll(async () => {
    mkdirSync(join(source, 'salaries'), { recursive: true });
    writeFileSync(join(source, 'salaries', '机密.txt'), 'the secret content of a file\n');
    writeFileSync(join(source, 'large'), Buffer.alloc(5 << 20, 'incompressible? no'));
    for (let n = 0; n < 50; n += 1) writeFileSync(join(source, `f${n}`), `file ${n}\n`.repeat(n));
    debian('age-keygen', ['-o', external]);
    const theirs = /public key: (age1\S+)/.exec(identity())?.[1] ?? '';
    harness = openHarness(place.dir);
    const made = value(
      await handlers()['backup.keys.create'](
        { name: 'safe', passphrase: PASSPHRASE, postQuantum: false },
        callContext,
      ),
    );
    recipient = made.recipient;
    await harness.plan('safe', [source], { encryption: { recipients: [recipient, theirs] } });
    for (const type of ['full', 'incremental', 'differential'] as const) {
      const job = await harness.run('safe', type);
      expect(job.error).toBeNull();
      points.push(job.result?.id ?? '');
      appendFileSync(join(source, 'f7'), 'more\n');
      rmSync(join(source, `f${20 + points.length}`));
    }
  });
  afterAll(async () => {
    await harness.close();
    place.remove();
  });

  it('writes age files, a checksum file that sha256sum takes, and the sealed key beside them', () => {
    const names = readdirSync(harness.target);
    expect(
      names
        .filter((name) => /\.(full|incremental|differential)\./.test(name))
        .map((name) => name.replace(/^safe\.\d+T\d+Z\.(\w+)\.\w{8}/, '$1'))
        .sort(),
    ).toEqual(
      ['full', 'incremental', 'differential']
        .flatMap((type) => [`${type}.manifest.ndjson.zst.age`, `${type}.sha256`, `${type}.tar.zst.age`])
        .sort(),
    );
    expect(names).toContain('safe.key.age');
    for (const name of names.filter((each) => each.endsWith('.sha256')))
      debian('sha256sum', ['-c', '--strict', name], { cwd: harness.target });
  });

  it('is unpacked with age, zstd and GNU tar alone, by an identity', () => {
    const out = join(place.dir, 'out');
    mkdirSync(out);
    const run = (command: string): string => debian('sh', ['-ec', command, 'sh', external, archive(0), out]);
    run('age -d -i "$1" "$2" | zstd -dc | tar -xpf - -C "$3"');
    debian('sha256sum', ['--quiet', '--strict', '-c', '.hmtt-archive/SHA256SUMS'], { cwd: out });
    expect(readFileSync(join(out, source, 'salaries', '机密.txt'), 'utf8')).toContain('secret content');
    const beside = debian('sh', [
      '-c',
      'age -d -i "$1" "$2" | zstd -dc',
      'sh',
      external,
      archive(0).replace('.tar.', '.manifest.ndjson.'),
    ]);
    expect(beside).toBe(readFileSync(join(out, '.hmtt-archive/manifest.ndjson'), 'utf8'));
    expect(JSON.parse(beside.split('\n')[0] ?? '')).toMatchObject({
      encryption: { format: 'age', recipients: 2, passphrase: true },
    });
  });

  it('is opened with the sealed key file and its passphrase, and with no other', () => {
    const key = join(harness.target, 'safe.key.age');
    const to = join(place.dir, 'plain.zst');
    expect(decryptWithPassphrase(key, archive(0), to, 'wrong wrong wrong')).not.toMatch(/^0:/);
    expect(decryptWithPassphrase(key, archive(0), to, PASSPHRASE)).toMatch(/^0:/);
    debian('zstd', ['-t', to]);
  });

  it('needs no key to compare, browse or search, and says of each point only what it proves', async () => {
    const browsed = value(
      await handlers()['backup.browse'](
        { pointId: points[1] ?? '', prefix: source.slice(1), limit: 100, offset: 0 },
        callContext,
      ),
    );
    expect(browsed.total).toBe(51);
    const report = await verified(points[0] ?? '');
    expect(report).toMatchObject({ ok: true, outer: true, files: 0 });
    const unlocked = value(
      await handlers()['backup.keys.unlock']({ passphrase: PASSPHRASE, dirs: [] }, callContext),
    );
    expect(unlocked.recipients).toEqual([recipient]);
    const inner = await verified(points[0] ?? '');
    expect(inner).toMatchObject({ ok: true, files: 52 });
    expect(inner?.outer).toBeUndefined();
    value(await handlers()['backup.keys.lock']({ lease: unlocked.lease }, callContext));
    expect((await verified(points[0] ?? ''))?.outer).toBe(true);
  });

  it('reads a chain of encrypted archives with the key, and refuses without', async () => {
    const links = [0, 2].map((index) => value(harness.area.findPoint(points[index] ?? '')));
    const refused = await openChain(links);
    expect(refused.ok ? '' : refused.error.code).toBe('BACKUP_LOCKED');
    const chain = value(await openChain(links, keys()));
    let found = '';
    for await (const entry of chain.entries()) {
      if (!entry.path.endsWith('/f7')) continue;
      for await (const piece of chain.readFile(entry)) found += Buffer.from(piece).toString();
    }
    expect(found).toBe(`${'file 7\n'.repeat(7)}more\nmore\n`);
    await chain.close();
  });

  it('finds every flipped bit, with the key and without, and still gives the rest', async () => {
    const original = readFileSync(archive(0));
    const bad = join(place.dir, 'bad', basename(archive(0)));
    mkdirSync(dirname(bad), { recursive: true });
    for (const name of [
      archive(0).replace('.tar.', '.manifest.ndjson.'),
      archive(0).replace('.tar.zst.age', '.sha256'),
    ])
      copyFileSync(name, join(dirname(bad), basename(name)));
    const spots = [0, 25, 60, 150, 400, original.length >> 1, original.length - 20, original.length - 1];
    for (let n = 0; n < 40; n += 1) spots.push(Math.floor((original.length * (n + 0.5)) / 40));
    for (const at of spots) {
      const bytes = Buffer.from(original);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      writeFileSync(bad, bytes);
      const opened = value(await openArchive(bad, keys()));
      const findings = await verifyArchive(opened, null, nothing);
      expect(findings.ok, `bit at ${at}`).toBe(false);
      // Whatever was hit, all but a frame or two is still read.
      expect(findings.damaged.length).toBeLessThan(60);
      await opened.close();
    }
    for (const cut of [1, 17, 70_000, original.length >> 1]) {
      writeFileSync(bad, original);
      truncateSync(bad, original.length - cut);
      const opened = value(await openArchive(bad, keys()));
      expect((await verifyArchive(opened, null, nothing)).ok, `cut by ${cut}`).toBe(false);
      await opened.close();
    }
  });

  it('finds a change of the medium without a key', async () => {
    const path = archive(1);
    const bytes = readFileSync(path);
    const bad = Buffer.from(bytes);
    bad[bytes.length - 40] = (bad[bytes.length - 40] ?? 0) ^ 1;
    writeFileSync(path, bad);
    const report = await verified(points[1] ?? '');
    expect(report?.damaged.map(({ error }) => error.code)).toContain('BACKUP_OUTER_HASH_DIFFERS');
    writeFileSync(path, bytes);
    const manifest = path.replace('.tar.', '.manifest.ndjson.');
    const sound = readFileSync(manifest);
    writeFileSync(manifest, Buffer.concat([sound, Buffer.from('x')]));
    expect((await verified(points[1] ?? ''))?.ok).toBe(false);
    writeFileSync(manifest, sound);
    expect((await verified(points[1] ?? ''))?.ok).toBe(true);
  });

  it('is tested once a year: a real frame is opened, and the day is written down', async () => {
    const listed = async () =>
      value(await handlers()['backup.keys.list']({}, callContext)).keys.find(
        (key) => key.recipient === recipient,
      );
    expect(await listed()).toMatchObject({
      name: 'safe',
      hasKeyFile: true,
      testedAt: null,
      isTestOverdue: false,
    });
    const wrong = await handlers()['backup.keys.test'](
      { recipient, passphrase: 'not this one, surely' },
      callContext,
    );
    expect(wrong.ok ? '' : wrong.error.code).toBe('BACKUP_PASSPHRASE_WRONG');
    const other = await handlers()['backup.keys.test']({ recipient, identity: identity() }, callContext);
    expect(other.ok ? '' : other.error.code).toBe('BACKUP_KEY_WRONG');
    value(await handlers()['backup.keys.test']({ recipient, passphrase: PASSPHRASE }, callContext));
    expect((await listed())?.testedPoint).toBe(points[2]);
    expect((await listed())?.unlockedUntil).toBeNull();
    const [confidence] = harness.area.confidence();
    expect(confidence?.keyTestedAt).toBeGreaterThan(0);
    expect(confidence?.keyTestDueAt).toBe((confidence?.keyTestedAt ?? 0) + 365 * 86_400_000);
  });

  it('is opened by three of five sheets of its split key', async () => {
    const lease = value(
      await handlers()['backup.keys.unlock']({ passphrase: PASSPHRASE, dirs: [] }, callContext),
    );
    const { shares } = value(
      await handlers()['backup.keys.split']({ recipient, of: 5, needed: 3 }, callContext),
    );
    value(await handlers()['backup.keys.lock']({ lease: lease.lease }, callContext));
    const unlock = (typed: string[]) =>
      handlers()['backup.keys.unlock']({ shares: typed, dirs: [] }, callContext);
    const few = await unlock(shares.slice(0, 2));
    expect(few.ok ? '' : few.error.message.en).toContain('3 are needed, 2 were given');
    const [one = '', two = '', three = ''] = shares;
    const misread = await unlock([one, two, three.replace(/.$/, (last) => (last === '0' ? '1' : '0'))]);
    expect(misread.ok ? '' : misread.error.message.en).toContain('sheet 3 has a mistake');
    const opened = value(await unlock([three.toUpperCase(), ` ${one} `, shares[4] ?? '']));
    expect(opened.recipients).toEqual([recipient]);
    value(await handlers()['backup.keys.lock']({}, callContext));
  });

  it('is catalogued again from the media alone with the passphrase, and refused clearly without', async () => {
    mkdirSync(join(place.dir, 'fresh'));
    const fresh = openHarness(join(place.dir, 'fresh'), { target: harness.target });
    const rebuild = async () => {
      const { jobId } = value(
        await fresh.area.handlers['backup.rebuild']({ dirs: [harness.target] }, callContext),
      );
      return fresh.jobs.ended(jobId);
    };
    const refused = await rebuild();
    expect(refused.error?.code).toBe('BACKUP_REBUILD_LOCKED');
    expect(refused.error?.message.zh).toContain('3 个加密归档');
    value(
      await fresh.area.handlers['backup.keys.unlock'](
        { passphrase: PASSPHRASE, dirs: [harness.target] },
        callContext,
      ),
    );
    const job = await rebuild();
    expect(job.error).toBeNull();
    expect(
      fresh.area
        .points()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...points].sort());
    // The key came along with the media.
    const { keys: found } = value(await fresh.area.handlers['backup.keys.list']({}, callContext));
    expect(found).toMatchObject([{ name: 'safe', recipient, hasKeyFile: true }]);
    await fresh.close();
  });

  it('needs no key to catalogue an archive whose run was cut off after it had its name', async () => {
    const dir = join(place.dir, 'cut');
    mkdirSync(dir);
    const before = openHarness(dir);
    const theirs = /public key: (age1\S+)/.exec(identity())?.[1] ?? '';
    await before.plan('cut', [source], { encryption: { recipients: [theirs] } });
    before.db.exec(
      "CREATE TRIGGER cut BEFORE INSERT ON backup_point BEGIN SELECT RAISE(ABORT, 'power cut'); END",
    );
    expect((await before.run('cut')).error?.code).toBe('INTERNAL');
    before.db.exec('DROP TRIGGER cut');
    await before.close();
    const after = openHarness(dir);
    await after.area.ready;
    expect(after.area.points()).toMatchObject([{ plan: 'cut', state: 'complete', verifyError: null }]);
    const next = await after.run('cut', 'incremental');
    expect(next.error).toBeNull();
    expect(value(after.area.findPoint(next.result?.id ?? '')).type).toBe('incremental');
    expect(readdirSync(join(dir, 'catalogue')).filter((name) => name.endsWith('.made.json'))).toEqual([]);
    await after.close();
  });

  it('leaves no secret in the data folder or on the medium', () => {
    const sealed = [secretLine(), PASSPHRASE, 'AGE-SECRET-KEY-'];
    const onMedium = ['the secret content of a file', '机密', 'salaries'];
    const walk = (dir: string): string[] =>
      readdirSync(dir, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? walk(join(dir, entry.name)) : [join(dir, entry.name)],
      );
    const skipped = new Set([external, join(place.dir, 'plain.zst')]);
    for (const path of walk(place.dir)) {
      if (skipped.has(path) || path.startsWith(source) || path.startsWith(join(place.dir, 'out'))) continue;
      const bytes = readFileSync(path);
      for (const text of sealed) expect(bytes.includes(text), `${text} in ${path}`).toBe(false);
      if (path.startsWith(harness.target))
        for (const text of onMedium) expect(bytes.includes(text), `${text} in ${path}`).toBe(false);
    }
    expect(statSync(join(harness.target, 'safe.key.age')).mode & 0o777).toBe(0o600);
  });

  it('refuses recipients and passphrases that would not do, naming the field', async () => {
    const theirs = /public key: (age1\S+)/.exec(identity())?.[1] ?? '';
    const add = async (recipients: string[]) => {
      const added = await handlers()['backup.plans.add'](
        // The schema's defaults are what a caller leaves out.
        {
          ...value(await handlers()['backup.plans.list']({}, callContext)).plans[0],
          name: 'other',
          encryption: { recipients },
        } as never,
        callContext,
      );
      return added.ok ? '' : `${added.error.code} ${added.error.field}`;
    };
    expect(await add([theirs.replace(/.$/, 'q')])).toMatch(
      /BACKUP_RECIPIENT_INVALID encryption.recipients.0|^$/,
    );
    expect(await add([theirs.slice(0, -3)])).toBe('BACKUP_RECIPIENT_INVALID encryption.recipients.0');
    expect(await add([`age1tag1${'q'.repeat(60)}`])).toBe('BACKUP_RECIPIENT_INVALID encryption.recipients.0');
    const create = async (name: string, passphrase: string) => {
      const made = await handlers()['backup.keys.create'](
        { name, passphrase, postQuantum: true },
        callContext,
      );
      return made.ok ? made.value.recipient : `${made.error.code} ${made.error.field}`;
    };
    expect(await create('safe', PASSPHRASE)).toBe('BACKUP_KEY_EXISTS name');
    expect(await create('new', 'short')).toBe('BACKUP_PASSPHRASE_SHORT passphrase');
    const strong = await create('strong', PASSPHRASE);
    expect(strong).toMatch(/^age1pq1/);
    expect(await add([strong, theirs])).toBe('BACKUP_RECIPIENTS_MIXED encryption.recipients');
  });
});
