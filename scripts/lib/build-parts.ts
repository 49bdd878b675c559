/** The folders below `dist/`. */
export type PartName = 'main' | 'preload' | 'engine' | 'desktop-engine' | 'renderer';

/** What decides whether a part is stale, kept apart from the bundler so that a fresh build never loads it. */
export type BuildPart = {
  readonly name: PartName;
  /** Source files and folders; their contents are the part's identity. */
  readonly inputs: readonly string[];
  /** Entry files that must exist before the bundler is asked. */
  readonly entries: readonly string[];
  /** Files that a finished part holds. */
  readonly products: readonly string[];
};

/** Settings that every part's result depends on besides its sources. */
export const commonInputs: readonly string[] = [
  'package.json',
  'package-lock.json',
  'scripts/lib/build-config.ts',
  'scripts/lib/build-parts.ts',
];

/** Everything `npm run build` makes. */
export const buildParts: readonly BuildPart[] = [
  {
    name: 'main',
    inputs: ['main', 'shared'],
    entries: ['main/index.ts'],
    products: ['index.js'],
  },
  {
    name: 'preload',
    inputs: ['main/preload', 'shared'],
    entries: ['main/preload/preload.ts'],
    products: ['preload.cjs'],
  },
  {
    name: 'engine',
    inputs: ['main/engine', 'shared'],
    entries: ['main/engine/cli.ts', 'main/engine/worker.ts'],
    products: ['cli.js', 'worker.js'],
  },
  {
    name: 'desktop-engine',
    inputs: ['main/engine', 'shared'],
    entries: ['main/engine/launch.ts', 'main/engine/process.ts'],
    products: ['launch.cjs', 'process.cjs'],
  },
  {
    name: 'renderer',
    inputs: ['renderer', 'shared'],
    entries: ['renderer/index.html'],
    products: ['index.html'],
  },
];
