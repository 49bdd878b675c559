import { rmSync } from 'node:fs';
import { env } from 'node:process';
import { gatherFacts } from './facts.ts';
import { buildNative } from './native.ts';
import { downloadOfficial } from './official.ts';
import { type Outcome, say } from './outcome.ts';
import { installPackages } from './packages.ts';
import { openWorkFolder } from './place.ts';
import { type Facts, type Mode, modes, nextStep, type Step } from './plan.ts';
import { makeRegistryRuntime } from './registry.ts';

/** Every step is taken at most this often; one that changes nothing must not be repeated for ever. */
const maximumSteps = 12;

/**
 * Does the set-up for a mode: looks, does the next thing, and looks again until nothing is left to do.
 *
 * @returns whether everything is in place; if not, it has been said why and what to do.
 */
export async function preflight(word: string): Promise<boolean> {
  const mode = modes.find((name) => name === word);
  if (mode === undefined) return refuse(`${word} is not a mode.`, `Use one of: ${modes.join(', ')}, node`);
  try {
    return await takeSteps(mode);
  } catch (error) {
    if (env.HMTT_DEBUG) console.error(error);
    return refuse(
      `An unexpected error: ${error instanceof Error ? error.message : String(error)}`,
      'Set HMTT_DEBUG=1 and start again to see where it comes from.',
    );
  }
}

async function takeSteps(mode: Mode): Promise<boolean> {
  let officialFailure: string | undefined;
  const taken: string[] = [];
  for (;;) {
    const facts = gatherFacts(mode, officialFailure);
    const step = nextStep(facts);
    if (step === undefined) return true;
    if (step.kind === 'refuse') return refuse(step.sentence, step.hint);
    const name = JSON.stringify(step);
    if (taken.includes(name) || taken.length >= maximumSteps) {
      return refuse(`The step "${describe(step)}" was done and its result is still missing.`, hintFor(facts));
    }
    taken.push(name);
    const outcome = await runStep(step);
    if (outcome.ok) continue;
    if (step.kind !== 'download-official') return refuse(outcome.sentence, outcome.hint);
    // Not an error yet: the registry is the other way.
    officialFailure = outcome.sentence;
    say(`Electron ${step.version} could not be downloaded (${officialFailure}).`);
  }
}

async function runStep(step: Exclude<Step, { kind: 'refuse' }>): Promise<Outcome> {
  switch (step.kind) {
    case 'install-packages':
      return installPackages(step.packages, step.why);
    case 'download-official':
      return inWorkFolder((folder) => downloadOfficial(step.version, folder));
    case 'make-registry':
      return inWorkFolder(makeRegistryRuntime);
    case 'build-native':
      return inWorkFolder(buildNative);
  }
}

async function inWorkFolder(effect: (folder: string) => Promise<Outcome>): Promise<Outcome> {
  const work = openWorkFolder();
  try {
    return await effect(work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function describe(step: Step): string {
  return step.kind === 'install-packages' ? `install ${step.packages.join(' ')}` : step.kind;
}

function hintFor(facts: Facts): string {
  return facts.root
    ? 'Look for an error above; remove the cache folder to begin anew.'
    : 'Check the permissions of the cache folder; remove it to begin anew.';
}

function refuse(sentence: string, hint: string): false {
  console.error(`preflight: ${sentence}`);
  console.error(`           ${hint}`);
  return false;
}
