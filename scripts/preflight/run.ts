import { rmSync } from 'node:fs';
import { argv, env } from 'node:process';
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

const mode = readMode(argv[2]);
if (mode === undefined) {
  refuse(`${argv[2]} is not a mode.`, `Use one of: ${modes.join(', ')}`);
} else {
  try {
    await preflight(mode);
  } catch (error) {
    if (env.HMTT_DEBUG) console.error(error);
    refuse(
      `An unexpected error: ${error instanceof Error ? error.message : String(error)}`,
      'Set HMTT_DEBUG=1 and start again to see where it comes from.',
    );
  }
}

/** Looks, does the next thing, and looks again until nothing is left to do. */
async function preflight(chosen: Mode): Promise<void> {
  let officialFailure: string | undefined;
  const taken: string[] = [];
  for (;;) {
    const facts = gatherFacts(chosen, officialFailure);
    const step = nextStep(facts);
    if (step === undefined) return;
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

function readMode(word: string | undefined): Mode | undefined {
  return word === undefined ? 'start' : modes.find((name) => name === word);
}

function refuse(sentence: string, hint: string): void {
  console.error(`preflight: ${sentence}`);
  console.error(`           ${hint}`);
  process.exitCode = 1;
}
