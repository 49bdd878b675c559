import { setTimeout as wait } from 'node:timers/promises';
import type { Problem } from '#shared/contract/site.ts';
import type { EngineAccess } from '../../helpers/engine.ts';

/** Longest wait for a problem to be told, or to end: a few intervals of whatever looks for it, on a slow machine. */
const PATIENCE_MS = 120_000;

async function open(engine: EngineAccess): Promise<readonly Problem[]> {
  return (await engine.call('alerts.list', { state: 'firing' })).alerts;
}

const has = ({ labels }: Problem, wanted: Readonly<Record<string, string>>): boolean =>
  Object.entries(wanted).every(([name, value]) => labels[name] === value);

async function until(
  engine: EngineAccess,
  wanted: Readonly<Record<string, string>>,
  isThere: boolean,
): Promise<Problem | null> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const problems = await open(engine);
    const found = problems.find((problem) => has(problem, wanted)) ?? null;
    if ((found !== null) === isThere) return found;
    if (Date.now() > end)
      throw new Error(
        `${JSON.stringify(wanted)} is ${isThere ? 'not told' : 'still told'}; open: ${JSON.stringify(problems.map(({ labels }) => labels))}`,
      );
    await wait(250);
  }
}

/** Waits for a problem with these labels, which must have a sentence and a next step in both languages. */
export async function told(engine: EngineAccess, wanted: Readonly<Record<string, string>>): Promise<Problem> {
  const found = await until(engine, wanted, true);
  if (found === null) throw new Error('unreachable');
  const texts = [found.sentence.zh, found.sentence.en, found.next.zh, found.next.en];
  if (texts.some((text) => text === '')) throw new Error(`a text is missing: ${JSON.stringify(found)}`);
  return found;
}

/** Waits until no problem with these labels is open any more. */
export async function ended(engine: EngineAccess, wanted: Readonly<Record<string, string>>): Promise<void> {
  await until(engine, wanted, false);
}
