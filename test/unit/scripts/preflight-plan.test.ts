import { describe, expect, test } from 'vitest';
import { type Facts, nextStep, type RuntimeFacts, type Step } from '../../../scripts/preflight/plan.ts';

const official: RuntimeFacts = {
  source: 'official',
  version: '45.4.1',
  nativeReady: true,
  missingLibraries: [],
};
const registry: RuntimeFacts = { ...official, source: 'registry', version: '33.2.1' };

/** A Debian 12 machine, root, everything installed, official runtime in the cache. */
const ready: Facts = {
  mode: 'start',
  platform: 'linux',
  arch: 'x64',
  root: true,
  distribution: { names: ['debian'], version: 12 },
  electronVersion: '45.4.1',
  forced: undefined,
  official,
  registry: undefined,
  officialFailure: undefined,
  sandboxWorks: true,
  chromeSandbox: '/cache/chrome-sandbox',
  hasDisplay: true,
  hasChineseFont: true,
  commands: {
    Xvfb: true,
    'g++': true,
    make: true,
    python3: true,
    fakeroot: true,
    'dpkg-deb': true,
    'apt-get': true,
  },
};

function without(command: keyof Facts['commands'], facts: Facts = ready): Facts {
  return { ...facts, commands: { ...facts.commands, [command]: false } };
}

function refusal(step: Step | undefined): string {
  expect(step?.kind).toBe('refuse');
  return step?.kind === 'refuse' ? `${step.sentence} ${step.hint}` : '';
}

describe('which Electron', () => {
  test('nothing is done when the official runtime is there', () => {
    for (const mode of ['start', 'test', 'tour', 'dist'] as const) {
      expect(nextStep({ ...ready, mode })).toBeUndefined();
    }
  });

  test('an empty cache tries the official download first', () => {
    expect(nextStep({ ...ready, official: undefined })).toEqual({
      kind: 'download-official',
      version: '45.4.1',
    });
  });

  test('the registry is taken only after the official download failed', () => {
    const step = nextStep({ ...ready, official: undefined, officialFailure: 'ENOTFOUND' });
    expect(step).toEqual({ kind: 'make-registry' });
  });

  test('a registry runtime in the cache starts without asking the network again', () => {
    expect(nextStep({ ...ready, official: undefined, registry })).toBeUndefined();
  });

  test('dist asks for the official runtime again before it settles for the registry one', () => {
    const facts: Facts = { ...ready, mode: 'dist', official: undefined, registry };
    expect(nextStep(facts)?.kind).toBe('download-official');
    expect(nextStep({ ...facts, officialFailure: 'ENOTFOUND' })).toBeUndefined();
  });

  test('the official one wins when both are there', () => {
    const broken: RuntimeFacts = { ...registry, nativeReady: false };
    expect(nextStep({ ...ready, registry: broken })).toBeUndefined();
  });

  test('HMTT_RUNTIME=registry never asks for the official one', () => {
    expect(nextStep({ ...ready, forced: 'registry' })).toEqual({ kind: 'make-registry' });
    expect(nextStep({ ...ready, forced: 'registry', registry, mode: 'dist' })).toBeUndefined();
  });

  test('HMTT_RUNTIME=official refuses rather than taking the registry one', () => {
    const facts: Facts = { ...ready, forced: 'official', official: undefined, registry };
    expect(nextStep(facts)?.kind).toBe('download-official');
    expect(refusal(nextStep({ ...facts, officialFailure: 'ENOTFOUND' }))).toContain('ENOTFOUND');
  });

  test('a machine without a registry runtime is told about mirrors', () => {
    const facts: Facts = { ...ready, official: undefined, officialFailure: 'timeout' };
    expect(refusal(nextStep({ ...facts, platform: 'darwin', arch: 'arm64' }))).toContain('ELECTRON_MIRROR');
    expect(refusal(nextStep({ ...facts, arch: 'arm64' }))).toContain('timeout');
  });

  test('without npm ci it says so', () => {
    expect(refusal(nextStep({ ...ready, electronVersion: undefined }))).toContain('npm ci');
  });
});

describe('what the runtime needs', () => {
  const lacking: RuntimeFacts = { ...official, missingLibraries: ['libgtk-3.so.0', 'libnss3.so'] };

  test('root on Debian gets the libraries installed', () => {
    expect(nextStep({ ...ready, official: lacking })).toMatchObject({
      kind: 'install-packages',
      packages: ['libgtk-3-0', 'libnss3'],
    });
  });

  test('anyone else gets the exact command', () => {
    const words = refusal(nextStep({ ...ready, root: false, official: lacking }));
    expect(words).toContain('sudo apt-get install -y --no-install-recommends libgtk-3-0 libnss3');
  });

  test('another distribution gets the names of the libraries', () => {
    const fedora = { names: ['fedora'], version: 41 };
    expect(refusal(nextStep({ ...ready, distribution: fedora, official: lacking }))).toContain(
      'libgtk-3.so.0',
    );
  });

  test('an unknown library is named instead of guessed', () => {
    const odd: RuntimeFacts = { ...official, missingLibraries: ['libodd.so.9'] };
    expect(refusal(nextStep({ ...ready, official: odd }))).toContain('libodd.so.9');
  });

  test('the database is compiled after the libraries, and its tools come first', () => {
    const facts: Facts = { ...ready, official: undefined, registry: { ...registry, nativeReady: false } };
    expect(nextStep(facts)).toEqual({ kind: 'build-native' });
    expect(nextStep(without('g++', facts))).toMatchObject({ kind: 'install-packages', packages: ['g++'] });
    const both = { ...registry, nativeReady: false, missingLibraries: ['libnss3.so'] };
    expect(nextStep({ ...facts, registry: both })).toMatchObject({ packages: ['libnss3'] });
  });

  test('a user without a working sandbox gets the command that allows it', () => {
    const words = refusal(nextStep({ ...ready, root: false, sandboxWorks: false }));
    expect(words).toContain("sudo chmod 4755 '/cache/chrome-sandbox'");
  });
});

describe('what the mode needs', () => {
  test('a virtual display where there is none, and always for tests and pictures', () => {
    const facts = without('Xvfb');
    expect(nextStep(facts)).toBeUndefined();
    expect(nextStep({ ...facts, hasDisplay: false })).toMatchObject({ packages: ['xvfb'] });
    expect(nextStep({ ...facts, mode: 'test' })).toMatchObject({ packages: ['xvfb'] });
    expect(nextStep({ ...facts, mode: 'tour' })).toMatchObject({ packages: ['xvfb'] });
    expect(nextStep({ ...facts, platform: 'win32', mode: 'test' })).toBeUndefined();
  });

  test('a Chinese font for the tour', () => {
    const facts: Facts = { ...ready, hasChineseFont: false };
    expect(nextStep({ ...facts, mode: 'tour' })).toMatchObject({ packages: ['fonts-noto-cjk'] });
    expect(nextStep({ ...facts, mode: 'test' })).toBeUndefined();
  });

  test('packaging tools for dist', () => {
    const facts = without('dpkg-deb', without('fakeroot', { ...ready, mode: 'dist' }));
    expect(nextStep(facts)).toMatchObject({ packages: ['fakeroot', 'dpkg'] });
  });
});
