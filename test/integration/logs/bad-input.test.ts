import { spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  openSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openArea, type TestArea, tempFolder, until } from './helpers.ts';
import { run } from './peers.ts';

const child = fileURLToPath(new URL('./child-area.ts', import.meta.url));

describe('bad log files', () => {
  let folder: ReturnType<typeof tempFolder>;
  let area: TestArea;
  const file = (name: string): string => join(folder.dir, name);
  const total = async (query = ''): Promise<number> => (await area.call('logs.count', { query })).total;
  const fileState = async (name: string) => {
    const { sources } = await area.call('logs.sources.list', {});
    return sources.flatMap((source) => source.files).find((one) => one.path.endsWith(name));
  };

  beforeEach(() => {
    folder = tempFolder();
    area = openArea(folder.dir);
  });
  afterEach(async () => {
    await area.close();
    folder.remove();
  });

  it('a binary file is kept byte by byte, flagged, and said to be no text', async () => {
    const bytes = Buffer.alloc(200_000);
    for (let i = 0; i < bytes.length; i += 1) bytes[i] = (i * 2654435761) >>> 13;
    writeFileSync(file('binary.log'), Buffer.concat([bytes, Buffer.from('\nfindable words after it\n')]));
    await area.call('logs.sources.add', { path: file('binary.log') });
    await area.call('logs.sync', {});
    expect(await total('"findable words"')).toBe(1);
    const page = await area.call('logs.search', { limit: 10_000 });
    expect(page.total).toBeGreaterThan(100);
    expect(page.events.filter((event) => event.flags.includes('not_utf8')).length).toBeGreaterThan(
      page.total / 3,
    );
    await until(
      'the state says so',
      async () => (await fileState('binary.log'))?.error?.code === 'LOG_FILE_BINARY',
    );
    const state = await fileState('binary.log');
    expect(state?.state).toBe('following');
    expect(state?.error?.message.zh).toContain('看起来不是文本');
    expect(state?.error?.message.en).toContain('does not look like text');
  });

  it('of a 10 MB line the first MiB is kept and the lines around it are whole', async () => {
    writeFileSync(file('long.log'), 'before the long line\n');
    const handle = openSync(file('long.log'), 'a');
    await area.call('logs.sources.add', { path: file('long.log') });
    // Written in pieces, so that the reader meets the line unfinished.
    for (let mb = 0; mb < 10; mb += 1) {
      writeSync(handle, `${mb === 0 ? 'needle-at-start ' : ''}${'y'.repeat(1024 * 1024)}`);
      await area.call('logs.sync', {});
    }
    expect(await total()).toBe(1);
    writeSync(handle, ' end\nafter the long line\n');
    await area.call('logs.sync', {});
    expect(await total()).toBe(3);
    const found = await area.call('logs.search', { query: 'needle' });
    expect(found.events[0]?.raw.length).toBe(1024 * 1024);
    expect(found.events[0]?.flags).toContain('truncated');
    expect(await total('"after the long line"')).toBe(1);
    await until(
      'the state says so',
      async () => (await fileState('long.log'))?.error?.code === 'LOG_LINE_TOO_LONG',
    );
    const error = (await fileState('long.log'))?.error;
    expect(error?.message.zh).toContain('10.0 MiB');
    expect(error?.hint.en).toContain('the first 1.00 MiB are kept');
  });

  it('NUL bytes left by a writer without append mode are skipped', async () => {
    const handle = openSync(file('nul.log'), 'w');
    const first = 'one\ntwo\n'.repeat(100);
    writeSync(handle, first, 0);
    await area.call('logs.sources.add', { path: file('nul.log') });
    await area.call('logs.sync', {});
    expect(await total()).toBe(200);
    truncateSync(file('nul.log'));
    writeSync(handle, 'three\n', first.length + 5_000_000);
    await area.call('logs.sync', {});
    await area.call('logs.sync', {});
    expect(await total()).toBe(201);
    expect((await area.call('logs.search', { query: 'three' })).events[0]?.raw).toBe('three');
  });

  it('CR LF ends and empty lines are lines; an empty file is none', async () => {
    writeFileSync(file('crlf.log'), 'one\r\n\r\nthree\r\n');
    writeFileSync(file('empty.log'), '');
    await area.call('logs.sources.add', { path: file('*.log') });
    await area.call('logs.sync', {});
    const page = await area.call('logs.search', {});
    expect(page.events.map((event) => event.raw).reverse()).toEqual(['one', '', 'three']);
  });

  it('a device, a relative path, a bad pattern, a bad zone and a second source for the same path are refused', async () => {
    const refused = async (input: Record<string, string>): Promise<string> =>
      area.call('logs.sources.add', { path: file('x.log'), ...input }).then(
        () => 'accepted',
        (error: { appError: { code: string } }) => error.appError.code,
      );
    expect(await refused({ path: 'relative.log' })).toBe('LOG_PATH_RELATIVE');
    expect(await refused({ path: file('[oops') })).toBe('LOG_PATH_PATTERN');
    expect(await refused({ format: '(?P<time>' })).toBe('LOG_FORMAT_INVALID');
    expect(await refused({ format: 'no groups' })).toBe('LOG_FORMAT_INVALID');
    expect(await refused({ zone: 'Mars/Olympus' })).toBe('LOG_ZONE_UNKNOWN');
    expect(await refused({})).toBe('accepted');
    expect(await refused({})).toBe('LOG_SOURCE_EXISTS');
    await area.call('logs.sources.add', { path: '/dev/zero' });
    await area.call('logs.sync', {});
    await until(
      'the device is refused',
      async () => (await fileState('zero'))?.error?.code === 'LOG_NOT_A_FILE',
    );
  });
});

describe('a log file that may not be read', () => {
  it('is an error in words, and is read from where it stopped once it is readable', async () => {
    const root = process.getuid?.() === 0;
    const folder = tempFolder();
    const nobody = 65534;
    const path = join(folder.dir, 'in', 'secret.log');
    mkdirSync(join(folder.dir, 'in'));
    writeFileSync(path, 'one\n');
    const setup = openArea(folder.dir);
    await setup.call('logs.sources.add', { path });
    await setup.call('logs.sync', {});
    await setup.close();
    appendFileSync(path, 'two\n');
    chmodSync(path, 0o000);
    // Root may read everything, so the reader runs as nobody then.
    if (root) {
      run('chown', ['-R', `${nobody}:${nobody}`, folder.dir]);
      chownSync(path, 0, 0);
      chmodSync(folder.dir, 0o755);
    }
    const reader = spawn(process.execPath, [child, folder.dir, ...(root ? [String(nobody)] : [])], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let output = '';
    reader.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    try {
      await until('the error is shown', () => output.includes('LOG_FILE_UNREADABLE'));
      chmodSync(path, 0o644);
      await until('reading goes on', () => output.includes('"lines":2'));
    } finally {
      const ended = new Promise((resolve) => reader.once('exit', resolve));
      reader.kill('SIGTERM');
      await ended;
    }
    const after = openArea(folder.dir, false);
    const page = await after.call('logs.search', {});
    expect(page.events.map((event) => event.raw).sort()).toEqual(['one', 'two']);
    await after.close();
    folder.remove();
  });
});
