import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RequestName, requests } from '#shared/contract/index.ts';
import { type Engine, startEngine } from '../../main/engine/index.ts';
import { jsonLogger } from '../../main/engine/platform/logger.ts';
import { hostileInput, randomFrom } from '../helpers/hostile-input.ts';
import { folderOfFile } from '../helpers/temp-folder.ts';

/** Requests that are not asked at random, each with its reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'channels.test': 'waits for a window to show the notice',
  'backup.keys.create': 'works for seconds: scrypt',
  'backup.keys.unlock': 'works for seconds: scrypt',
  'backup.keys.test': 'works for seconds: scrypt',
  'backup.keys.split': 'works for seconds: scrypt',
  'rotation.run': 'may signal whatever process a policy names',
  'training.anew': 'asks for a new site at the next start',
};
const names = Object.keys(requests).filter((name): name is RequestName => !(name in LEFT_OUT));
const ROUNDS = 4;
/** Names that are passed on from answers to inputs. */
const MOST_NAMES = 200;

const thrown: string[] = [];
let engine: Engine;
let folder: string;

beforeAll(async () => {
  folder = folderOfFile('hostile');
  mkdirSync(join(folder, 'logs'));
  writeFileSync(join(folder, 'logs', 'x.log'), '2026-01-01T00:00:00Z error it broke\n'.repeat(50));
  const logger = jsonLogger((line) => {
    if (line.includes('handler threw')) thrown.push(line);
  }, Date.now);
  const started = await startEngine({ dir: join(folder, 'data'), watching: false, logger });
  if (!started.ok) throw new Error(started.error.message.en);
  engine = started.value;
});

afterAll(async () => {
  await engine?.close();
});

/** Texts that an answer calls things by. */
function namesIn(value: unknown, depth = 0): readonly string[] {
  if (depth > 4 || value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([field, inner]) =>
    /^(id|name|uid|label)$/.test(field) && typeof inner === 'string' ? [inner] : namesIn(inner, depth + 1),
  );
}

test('whatever fits the shape of a request is answered or refused in words: no handler throws', async () => {
  const random = randomFrom(20_261_123);
  const known = new Set([join(folder, 'logs'), join(folder, 'logs', 'x.log'), 'this-workstation']);
  const wrong: unknown[] = [];
  const workingFolder = readdirSync('.');
  let asked = 0;
  for (let round = 0; round < ROUNDS; round++)
    for (const name of names) {
      const made = hostileInput(requests[name].input, { random, names: [...known] });
      if (made === null) continue;
      asked += 1;
      // The input passed the schema of this very request.
      const answer = await engine.client.call(name, made.input as never);
      const found = answer.ok ? requests[name].output.safeParse(answer.value).error?.issues[0] : undefined;
      if (found !== undefined) wrong.push({ name, input: made.input, answer: found });
      if (!answer.ok && answer.error.code === 'INTERNAL') wrong.push({ name, input: made.input, answer });
      if (answer.ok && known.size < MOST_NAMES) for (const one of namesIn(answer.value)) known.add(one);
    }
  expect(wrong, thrown.at(-1)).toEqual([]);
  expect(readdirSync('.'), 'nothing is written to a path from where the engine was started').toEqual(
    workingFolder,
  );
  // All but a few requests have inputs that can be made up; without this the test could pass by asking nothing.
  expect(asked).toBeGreaterThan(names.length * ROUNDS * 0.9);
});
