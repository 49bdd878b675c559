import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { until } from '../../helpers/channels-area.ts';
import { type Received, startSmtpServer } from '../../helpers/smtp-server.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

const child = fileURLToPath(new URL('../../helpers/channels-child.ts', import.meta.url));
const COUNT = 200;
const KILLS = 8;
/** Mails that one channel has under way at once. */
const AT_ONCE = 4;

function start(folder: string, port: number) {
  const made = spawn(process.execPath, [child, folder, String(port), String(COUNT)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [made.stdout, made.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  const gone = new Promise<void>((resolve) => made.once('close', () => resolve()));
  return {
    output: () => output,
    kill: async () => {
      made.kill('SIGKILL');
      await gone;
    },
  };
}

/** Message-IDs of what the queue has down as delivered. */
function delivered(folder: string): number {
  const db = new Database(`${folder}/console.db`, { readonly: true });
  try {
    return (
      db.prepare<[], { n: number }>("SELECT count(*) AS n FROM outbox WHERE state = 'delivered'").get()?.n ??
      0
    );
  } finally {
    db.close();
  }
}

test('an engine that is killed with a full queue loses nothing, and repeats only what was under way', async () => {
  const folder = temporaryFolder('kill');
  const smtp = await startSmtpServer(temporaryFolder('smtp'), { delay: 0.02 });
  let repeated = 0;
  try {
    for (let round = 0; round < KILLS; round++) {
      const engine = start(folder, smtp.port);
      await until(() => engine.output().includes('taken'), `taken: ${engine.output()}`);
      await wait(40 + round * 37);
      await engine.kill();
      // What the server has and the queue does not: killed between the server's word and the note of it.
      await wait(60);
      const unknown =
        new Set(smtp.received().map((mail) => mail.header('Message-ID'))).size - delivered(folder);
      expect(unknown).toBeGreaterThanOrEqual(0);
      expect(unknown).toBeLessThanOrEqual(AT_ONCE);
      repeated += unknown;
    }
    const last = start(folder, smtp.port);
    await until(() => last.output().includes('empty'), `empty: ${last.output()}`, 60_000);
    await last.kill();
  } finally {
    await smtp.stop();
  }
  const mails = smtp.received();
  const ids = mails.map((mail) => mail.header('Message-ID'));
  // Nothing lost; and what the queue had down as delivered came once.
  expect(new Set(ids).size).toBe(COUNT);
  expect(ids.length - COUNT).toBeLessThanOrEqual(repeated);
  expect(delivered(folder)).toBe(COUNT);
  expect(ordered(mails)).toEqual([]);
});

/** Mails about an end that came before the first mail of their thread. */
function ordered(mails: readonly Received[]): readonly string[] {
  const seen = new Set<string>();
  const early: string[] = [];
  for (const mail of mails) {
    const answers = mail.header('In-Reply-To');
    if (answers !== '' && !seen.has(answers)) early.push(answers);
    seen.add(mail.header('Message-ID'));
  }
  return early;
}
