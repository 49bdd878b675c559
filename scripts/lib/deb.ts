import { lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Installer } from 'electron-installer-debian';
import { debianArch } from './dist-plan.ts';
import { inProject } from './paths.ts';
import { filesBelow } from './stamp.ts';

/** What the package is made of. */
export type DebOptions = {
  /** electron-builder's unpacked folder. */
  readonly unpacked: string;
  readonly output: string;
  readonly version: string;
  readonly suffix: string;
  /** Added to the description of a development build; one paragraph. */
  readonly notice: string | undefined;
};

const name = 'hmtt-console';
const iconSizes = [16, 24, 32, 48, 64, 128, 256, 512];

/** Libraries that Electron links or loads, in the names of Debian 12 and of 13 and later. */
const depends = [
  'libgtk-3-0t64 | libgtk-3-0',
  'libnss3',
  'libgbm1',
  'libasound2t64 | libasound2',
  'libatk-bridge2.0-0t64 | libatk-bridge2.0-0',
  'libatspi2.0-0t64 | libatspi2.0-0',
  'libdrm2',
  'libxss1',
  'libxtst6',
  'libnotify4',
  'libsecret-1-0',
  'libuuid1',
  'xdg-utils',
];

/** Adds the `hmtt` command and this project's own licence file to what electron-installer-debian makes. */
class ConsoleInstaller extends Installer {
  override get contentFunctions(): string[] {
    return [...super.contentFunctions, 'createCommand'];
  }

  /** Replaces the defaults that are read from files of an app which is packed in an archive here. */
  override async generateDefaults(): Promise<void> {
    const bytes = filesBelow(String(this.userSupplied.src)).reduce(
      (sum, file) => sum + lstatSync(file).size,
      0,
    );
    this.defaults = {
      priority: 'optional',
      revision: '',
      homepage: '',
      size: Math.ceil(bytes / 1024),
      lintianOverrides: [],
      depends,
      recommends: [],
      suggests: ['gnome-keyring'],
      enhances: [],
      preDepends: [],
    };
  }

  /** The headless command beside the app's own. */
  createCommand(): void {
    const link = join(this.stagingDir, this.baseAppDir, 'bin', 'hmtt');
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(`../lib/${name}/resources/hmtt`, link);
  }

  /** Overrides the copy of a LICENSE file from the app, which is Electron's. */
  async createCopyright(): Promise<void> {
    const file = join(this.stagingDir, this.baseAppDir, 'share', 'doc', name, 'copyright');
    await mkdir(dirname(file), { recursive: true });
    await copyFile(inProject('resources', 'debian', 'copyright'), file);
  }
}

/**
 * Makes a .deb with Debian's own tools only.
 *
 * @returns the path of the package.
 */
export async function makeDeb(options: DebOptions): Promise<string> {
  const icons = iconSizes.map((size) => `${size}x${size}`);
  const installer = new ConsoleInstaller({
    src: options.unpacked,
    dest: options.output,
    name,
    bin: name,
    productName: 'HMTT Console',
    version: options.version,
    arch: debianArch(process.arch),
    section: 'admin',
    maintainer: 'HMTT Console contributors',
    description: 'desktop console for air-gapped HMTT sites',
    productDescription: [
      'Monitoring, logs, backups and guided restores of one site in one window, without any connection to the outside. Brings the hmtt command for hosts without a display.',
      ...(options.notice === undefined ? [] : ['', options.notice]),
    ].join('\n'),
    // The strongest compression takes minutes; what is not for release need not be small.
    compression: options.notice === undefined ? 'xz' : 'gzip',
    icon: Object.fromEntries(icons.map((size) => [size, inProject('resources', 'icons', `${size}.png`)])),
    desktopTemplate: inProject('resources', 'debian', `${name}.desktop.ejs`),
    scripts: {
      postinst: inProject('resources', 'debian', 'postinst'),
      postrm: inProject('resources', 'debian', 'postrm'),
    },
    rename: (folder: string) =>
      join(folder, `${name}_${options.version}_${debianArch(process.arch)}${options.suffix}.deb`),
    logger: () => undefined,
  });
  await installer.generateDefaults();
  installer.generateOptions();
  await installer.createStagingDir();
  await installer.createContents();
  await installer.createPackage();
  await installer.movePackage();
  return installer.options.packagePaths?.[0] ?? options.output;
}
