/**
 * `npm run dist`: makes the installers of this platform in `release/`.
 *
 * On Linux a `.tar.gz` and a `.deb`, with nothing but Debian's own tools and the runtime that the preflight found.
 * Arguments name other formats instead, which need tools from the network: npm run dist -- AppImage rpm
 */
import { cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { arch, argv, env, platform } from 'node:process';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { Arch, build, type Configuration, Platform } from 'electron-builder';
import { parse } from 'yaml';
import { z } from 'zod';
import { lastWords, runQuietly } from './lib/command.ts';
import { makeDeb } from './lib/deb.ts';
import { type DistPlan, noticeFile, planDist } from './lib/dist-plan.ts';
import { stage, stageFolder } from './lib/dist-stage.ts';
import { inProject } from './lib/paths.ts';
import { findRuntime, type Runtime, runtimeRecordName } from './lib/runtime.ts';

const release = inProject('release');

/** The state of each fuse in every package, whatever the runtime's own state was. */
const expectedFuses: ReadonlyMap<FuseV1Options, boolean> = new Map([
  [FuseV1Options.RunAsNode, false],
  [FuseV1Options.EnableCookieEncryption, true],
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable, false],
  [FuseV1Options.EnableNodeCliInspectArguments, false],
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, true],
  [FuseV1Options.OnlyLoadAppFromAsar, true],
]);

try {
  await dist(argv.slice(2));
} catch (error) {
  console.error(`dist: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function dist(formats: readonly string[]): Promise<void> {
  const runtime = findRuntime();
  if (runtime === undefined) {
    throw new Error('there is no Electron runtime. Run: node scripts/preflight/index.mjs dist');
  }
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(inProject('package.json'), 'utf8')));
  const plan = planDist(version, runtime.source, runtime.electron);
  if (plan.notice !== undefined) {
    console.log(
      `dist: Electron ${runtime.electron} is end-of-life: these packages are for development only.`,
    );
  }
  stage();
  const results = await buildPackages(formats, runtime, plan);
  const unpacked = join(release, 'linux-unpacked');
  if (platform === 'linux') {
    await checkFuses(join(unpacked, 'hmtt-console'));
    if (formats.length === 0) {
      const { debVersion, suffix, summary } = plan;
      results.push(await makeTarball(unpacked, `hmtt-console-${version}-linux-${arch}${suffix}`));
      results.push(
        await makeDeb({ unpacked, output: release, version: debVersion, suffix, notice: summary }),
      );
    }
  }
  for (const file of results.filter((path) => existsSync(path))) {
    console.log(`dist: ${basename(file)} (${(statSync(file).size / 1e6).toFixed(0)} MB)`);
  }
}

/** Runs electron-builder on the given runtime. */
async function buildPackages(
  formats: readonly string[],
  runtime: Runtime,
  plan: DistPlan,
): Promise<string[]> {
  // Its other 7-Zip comes from the network; Debian's does the same.
  const seven = await runQuietly('which', ['7za']);
  if (seven.code === 0) env.ELECTRON_BUILDER_7ZIP_PATH ??= seven.output.trim();
  const base = parse(readFileSync(inProject('electron-builder.yml'), 'utf8')) as Configuration;
  const config: Configuration = {
    ...base,
    electronVersion: runtime.electron,
    electronDist: runtime.folder,
    artifactName: `hmtt-console-\${version}-\${os}-\${arch}${plan.suffix}.\${ext}`,
    afterPack: ({ appOutDir, packager }) => {
      const resources = packager.getResourcesDir(appOutDir);
      cpSync(join(stageFolder, 'cli'), join(resources, 'cli'), { recursive: true });
      // What makes the runtime one for development has no place in a package.
      for (const file of [join(appOutDir, runtimeRecordName), join(resources, 'default_app.asar')]) {
        rmSync(file, { force: true });
      }
      if (plan.notice !== undefined) writeFileSync(join(appOutDir, noticeFile), plan.notice);
    },
  };
  const [target, own] = targetOf();
  const wanted = formats.length > 0 ? [...formats] : own;
  const chip = arch === 'arm64' ? Arch.arm64 : Arch.x64;
  return build({ targets: target.createTarget(wanted, chip), config, publish: 'never' });
}

/** The platform of this host and the formats that are made by default. */
function targetOf(): readonly [Platform, string[]] {
  if (platform === 'darwin') return [Platform.MAC, ['dmg']];
  if (platform === 'win32') return [Platform.WINDOWS, ['nsis']];
  return [Platform.LINUX, ['dir']];
}

/**
 * Packs the unpacked app with Debian's tar: electron-builder's own way asks 7-Zip for the strongest compression and
 * takes ten times as long for a few per cent.
 */
async function makeTarball(unpacked: string, name: string): Promise<string> {
  const file = join(release, `${name}.tar.gz`);
  const owners = ['--owner=root:0', '--group=root:0', '--sort=name'];
  const rename = `--transform=s,^\\.,${name},`;
  const tar = await runQuietly('tar', ['-czf', file, ...owners, rename, '-C', unpacked, '.']);
  if (tar.code !== 0) throw new Error(`tar failed: ${lastWords(tar.output)}`);
  return file;
}

/** Reads the fuses back from the packaged executable: what was configured must be what is shipped. */
async function checkFuses(executable: string): Promise<void> {
  const wire = await getCurrentFuseWire(executable);
  const wrong = [...expectedFuses].filter(([fuse, on]) => (wire[fuse] === '1'.charCodeAt(0)) !== on);
  if (wrong.length > 0) {
    const names = wrong.map(([fuse]) => FuseV1Options[fuse]).join(', ');
    throw new Error(`the packaged executable has the wrong fuses: ${lastWords(names)}`);
  }
}
