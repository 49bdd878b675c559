/** The part of electron-installer-debian that is used; the package brings no types of its own. */
declare module 'electron-installer-debian' {
  /** What `generateOptions` settles; only what a subclass touches is named. */
  type InstallerOptions = {
    depends: string[];
    recommends: string[];
    suggests: string[];
    packagePaths?: string[];
  };

  /** Builds a .deb from an unpacked Electron app in the steps that `contentFunctions` names. */
  export class Installer {
    constructor(options: Readonly<Record<string, unknown>>);
    readonly userSupplied: Readonly<Record<string, unknown>>;
    defaults: Readonly<Record<string, unknown>>;
    readonly options: InstallerOptions;
    readonly stagingDir: string;
    readonly baseAppDir: string;
    get contentFunctions(): string[];
    generateDefaults(): Promise<unknown>;
    generateOptions(): InstallerOptions;
    createStagingDir(): Promise<void>;
    createContents(): Promise<unknown>;
    createPackage(): Promise<void>;
    movePackage(): Promise<void>;
  }
}
