import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditRecord, AuditReport } from '#shared/contract/audit.ts';
import { type HeadlessEngine, hmtt, startHeadlessEngine } from '../../helpers/headless-engine.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

let folder: string;
let data: string;
let engine: HeadlessEngine | null = null;

beforeEach(() => {
  folder = temporaryFolder('audit');
  data = join(folder, 'data');
});
afterEach(async () => {
  await engine?.kill();
  engine = null;
});

async function verified(
  ...args: string[]
): Promise<{ code: number | null; report: AuditReport; said: string }> {
  const { code, stdout, stderr } = await hmtt(data, '--json', 'audit', 'verify', ...args);
  return { code, report: JSON.parse(stdout), said: stderr };
}
async function records(...args: string[]): Promise<readonly AuditRecord[]> {
  const { stdout } = await hmtt(data, '--json', 'audit', 'list', '--limit', '1000', ...args);
  return JSON.parse(stdout).records;
}
const findings = ({ report }: { readonly report: AuditReport }): readonly string[] =>
  report.findings.map(({ kind, n }) => `${kind} ${n}`);

/** Changes the trail behind the console's back, as somebody with the file can. */
function tamper(change: (db: Database.Database) => void): void {
  const db = new Database(join(data, 'console.db'));
  db.exec('DROP TRIGGER audit_entry_kept; DROP TRIGGER audit_entry_unchanged;');
  change(db);
  db.close();
}

/** Records some actions by an engine that signs them when it stops. */
async function someActions(): Promise<void> {
  engine = await startHeadlessEngine(data);
  for (const name of ['one', 'two', 'three'])
    await engine.call('secrets.put', { name, text: `s3cret-${name}` });
  await engine.stop();
  engine = null;
}

describe('hmtt audit', () => {
  test('says who did what, keeps no secret, and proves it, also elsewhere', async () => {
    expect(await verified()).toMatchObject({ code: 0, report: { ok: true, entries: 0 } });
    await someActions();
    const failed = await hmtt(data, 'backup', 'run', 'nothing');
    expect(failed.code).toBe(1);
    const list = await records();
    expect(
      list.map(({ action, object, outcome, code, via }) => [action, object, outcome, code, via]),
    ).toEqual([
      ['backup.run', 'nothing', 'failed', 'BACKUP_PLAN_MISSING', 'command'],
      ['secrets.put', 'three', 'done', null, 'command'],
      ['secrets.put', 'two', 'done', null, 'command'],
      ['secrets.put', 'one', 'done', null, 'command'],
    ]);
    expect(await records('--outcome', 'failed')).toHaveLength(1);
    expect(await records('--action', 'secrets', '--text', 'TWO')).toHaveLength(1);
    expect((await hmtt(data, 'audit', 'list', '--outcome', 'fine')).code).toBe(2);

    const file = join(folder, 'trail.ndjson');
    const exported = await hmtt(data, '--json', 'audit', 'export', '--out', file);
    expect(exported.code).toBe(0);
    const { anchor } = JSON.parse(exported.stdout);
    expect(await verified('--anchor', anchor.text)).toMatchObject({ code: 0 });

    // Elsewhere there is no console: neither its folder nor its key.
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain('s3cret');
    rmSync(data, { recursive: true });
    expect(await verified('--file', file, '--anchor', anchor.text)).toMatchObject({ code: 0 });
    const lines = text.trimEnd().split('\n');
    writeFileSync(
      file,
      `${lines
        .with(3, (lines[3] ?? '').replace('two', 'six'))
        .slice(0, -1)
        .join('\n')}\n`,
    );
    const changed = await verified('--file', file);
    expect(changed.code).toBe(3);
    expect(changed.said).toContain('error[AUDIT_DAMAGED]');
    expect(findings(changed)).toEqual(['changed 4', `cut ${lines.length - 1}`]);
    writeFileSync(file, 'x'.repeat(3 << 20));
    const other = await hmtt(data, 'audit', 'verify', '--file', file);
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('FILE_UNREADABLE')]);
  });

  test('finds what somebody did to the database, and names it', async () => {
    await someActions();
    tamper((db) => {
      const line = db.prepare('SELECT line FROM audit_entry WHERE n = ?').pluck();
      const put = db.prepare('UPDATE audit_entry SET line = ? WHERE n = ?');
      const [third, fourth] = [line.get(3), line.get(4)];
      put.run(String(line.get(1)).replace('workstation', 'other'), 1);
      put.run(third, 4);
      put.run(fourth, 3);
      db.exec('DELETE FROM audit_entry WHERE n = 6 OR n > 7');
    });
    const answer = await verified();
    expect(answer.code).toBe(3);
    expect(findings(answer).toSorted()).toEqual(['changed 1', 'cut 7', 'missing 6', 'reordered 3']);
  });

  test('a kill -9 in the middle leaves a chain that holds, with every answered action in it', async () => {
    const answered: string[] = [];
    for (const round of [1, 2]) {
      engine = await startHeadlessEngine(data);
      const { client, kill } = engine;
      const working = (async () => {
        for (let i = 0; ; i += 1) {
          const name = `r${round}-${i}`;
          const put = await client.call('secrets.put', { name, text: 'x' });
          if (!put.ok) return;
          answered.push(name);
          if (i === 20) void kill();
        }
      })();
      await working;
      await kill();
      engine = null;
    }
    expect(answered.length).toBeGreaterThan(40);
    const { code, report } = await verified();
    expect({ code, findings: report.findings }).toEqual({ code: 0, findings: [] });
    const done = (await records()).filter(({ outcome }) => outcome === 'done').map(({ object }) => object);
    expect(answered.filter((name) => !done.includes(name))).toEqual([]);
    // What was cut off is told as such; never more than one at a time was asked.
    expect((await records('--outcome', 'open')).length).toBeLessThanOrEqual(2);
  });

  test('on a full disk what cannot be recorded is not done', async () => {
    mkdirSync(data);
    // A file system of its own; mounting needs root, as the continuous integration has.
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', data]);
    try {
      engine = await startHeadlessEngine(data);
      const { client, call } = engine;
      const filler = openSync(join(data, 'filler'), 'w');
      try {
        for (;;) writeSync(filler, Buffer.alloc(64 << 10));
      } catch (thrown) {
        expect((thrown as { code?: string }).code).toBe('ENOSPC');
      } finally {
        closeSync(filler);
      }
      // What SQLite's log has room for still goes.
      let refused: { code: string; name: string } | null = null;
      const accepted: string[] = [];
      for (let i = 0; refused === null && i < 20_000; i += 1) {
        const name = `n${i}-${'x'.repeat(80)}`;
        const saved = await client.call('logs.saved.save', { name, query: 'y'.repeat(150) });
        if (saved.ok) accepted.push(name);
        else refused = { code: saved.error.code, name };
      }
      expect(refused?.code).toBe('AUDIT_UNWRITABLE');
      const { searches } = await call('logs.saved.list', {});
      expect(searches.map(({ name }) => name)).not.toContain(refused?.name);
      rmSync(join(data, 'filler'));
      expect((await client.call('logs.saved.save', { name: 'after', query: 'z' })).ok).toBe(true);
      const known = new Set(
        (await call('audit.list', { outcome: 'done', limit: 1_000 })).records.map((one) => one.object),
      );
      expect(accepted.slice(-400).filter((name) => !known.has(name))).toEqual([]);
      expect(await call('audit.verify', {})).toMatchObject({ ok: true });
      await engine.stop();
      engine = null;
    } finally {
      await engine?.kill();
      engine = null;
      execFileSync('umount', ['-l', data]);
    }
  });
});
