import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { debianArch, planDist } from '../../../scripts/lib/dist-plan.ts';
import { inProject } from '../../../scripts/lib/paths.ts';

describe('how packages are marked', () => {
  test('a release bears its version and nothing else', () => {
    expect(planDist('1.2.0', 'official', '45.4.1')).toEqual({
      suffix: '',
      debVersion: '1.2.0',
      summary: undefined,
      notice: undefined,
    });
  });

  test('what is made from the registry runtime says so in its name, its description and a file', () => {
    const plan = planDist('1.2.0', 'registry', '33.2.1');
    expect(plan.suffix).toContain('not-for-release');
    // A tilde sorts before the end of the version, so the release replaces it.
    expect(plan.debVersion).toBe('1.2.0~dev');
    expect(plan.summary).toContain('NOT FOR RELEASE');
    expect(plan.notice).toContain('不得发布');
    expect(plan.notice).toContain('33.2.1');
  });

  test('processors have Debian’s names', () => {
    expect(debianArch('x64')).toBe('amd64');
    expect(debianArch('arm64')).toBe('arm64');
  });
});

test('the six fuses stand in electron-builder.yml', () => {
  const config = parse(readFileSync(inProject('electron-builder.yml'), 'utf8'));
  expect(config.electronFuses).toMatchObject({
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
  });
  expect(config.asar).toBe(true);
});
