import react from '@vitejs/plugin-react';
import { type InlineConfig, mergeConfig } from 'vite';
import type { PartName } from './build-parts.ts';
import { inProject } from './paths.ts';

/**
 * What stays outside every bundle: Electron's own modules, the native database, and native parts that a module tries
 * for speed and does without.
 */
const external: readonly (string | RegExp)[] = [
  'electron',
  /^electron\//,
  'better-sqlite3',
  /^node:/,
  /\.node$/,
];

/** What explains code stays in its source: every command reads its whole program from the disk. */
const comments = { jsdoc: false, annotation: false, legal: true };

/** Settings of every bundle that Node runs: nothing but the externals is left to `node_modules`. */
function nodeBundle(outDir: string, input: Record<string, string>): InlineConfig {
  return {
    configFile: false,
    root: inProject(),
    logLevel: 'warn',
    publicDir: false,
    // Modules that were written for CommonJS ask where they lie; a bundle has another word for it.
    define: { __dirname: 'import.meta.dirname' },
    // Node 20.18 is the oldest runtime that runs these bundles (the registry Electron).
    ssr: { noExternal: true, target: 'node', external: ['electron', 'better-sqlite3'] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node20',
      // Readable bundles: an error's stack in the field must name the function it comes from.
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input,
        external: [...external],
        output: { format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js', comments },
      },
    },
  };
}

/**
 * One entry of the engine under Electron, as CommonJS: what every start needs is one script, whose compiled code can be kept,
 * which Node 20 cannot do with modules. What is needed later stays in files of its own.
 */
function desktopEngineBundle(outDir: string, entry: 'launch' | 'process'): InlineConfig {
  return mergeConfig(nodeBundle(outDir, { [entry]: inProject('main', 'engine', `${entry}.ts`) }), {
    build: {
      emptyOutDir: false,
      rolldownOptions: {
        // What the command loads late is needed at once by this part; nobody who builds has to read of it.
        checks: { ineffectiveDynamicImport: false },
        output: {
          format: 'cjs',
          entryFileNames: '[name].cjs',
          chunkFileNames: '[name]-[hash].cjs',
          codeSplitting: { groups: [{ name: entry, tags: ['$initial'] }] },
        },
      },
    },
  } satisfies InlineConfig);
}

/** The preload is one CommonJS file, because a sandboxed preload can load nothing else. */
function preloadBundle(outDir: string): InlineConfig {
  return mergeConfig(nodeBundle(outDir, { preload: inProject('main', 'preload', 'preload.ts') }), {
    build: {
      target: 'chrome130',
      rolldownOptions: {
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  } satisfies InlineConfig);
}

/** What the first screen is made from, with all that it imports: the frame, the overview, and the libraries below them. */
const firstScreen = /renderer[\\/]main\.tsx$/;

/** What several pages share and the first screen does without: forms, the contract's schemas, the queries of dashboards. */
const behindIt = /renderer[\\/](components|stores)[\\/].*\.tsx?$|[\\/]shared[\\/]/;

/** Modules beside those that bring large libraries along, and that only single pages ask for. */
const laterOn = new RegExp(
  [
    String.raw`renderer[\\/]components[\\/](code-editor[\\/](create-editor|look)|markdown|qr-code)\.tsx?$`,
    String.raw`shared[\\/]domain[\\/](dashboard|relabel|schedule)[\\/]`,
  ].join('|'),
);

/** The interface: hashed files, nothing inline, so that a Content-Security-Policy of `'self'` is enough. */
function rendererBundle(outDir: string): InlineConfig {
  return {
    configFile: false,
    root: inProject('renderer'),
    base: './',
    logLevel: 'warn',
    plugins: [react()],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'chrome130',
      // Inlined files become data: addresses, which the policy refuses.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4000,
      rolldownOptions: {
        output: {
          // Zod's settings travel with Zod, so that they hold before the first schema of any other chunk is made.
          codeSplitting: {
            groups: [
              // What asks for the engine's port must not wait for anything else to be loaded.
              {
                name: 'early',
                priority: 3,
                test: /renderer[\\/]app[\\/](early-port|shell)\.ts$|preload-helper/,
              },
              { name: 'validation', priority: 2, test: /node_modules[\\/]zod[\\/]|app[\\/]validation\.ts$/ },
              // The first screen is one file: every further one is a round trip through Electron main at the moment
              // at which that has the most to do (80 ms less on two cores).
              { name: 'console', priority: 1, test: firstScreen },
              // Whatever makes a schema or a table at its beginning would do so before the first paint in the file above.
              { name: 'pages', test: (id: string) => behindIt.test(id) && !laterOn.test(id) },
            ],
          },
        },
      },
    },
  };
}

/** The bundler's settings of one part, one bundle after the other, writing into the empty `outDir`. */
export function partConfigs(part: PartName, outDir: string): readonly InlineConfig[] {
  switch (part) {
    case 'main':
      return [nodeBundle(outDir, { index: inProject('main', 'index.ts') })];
    case 'preload':
      return [preloadBundle(outDir)];
    case 'engine':
      return [
        nodeBundle(outDir, {
          cli: inProject('main', 'engine', 'cli.ts'),
          worker: inProject('main', 'engine', 'worker.ts'),
        }),
      ];
    case 'desktop-engine':
      return [desktopEngineBundle(outDir, 'launch'), desktopEngineBundle(outDir, 'process')];
    case 'renderer':
      return [rendererBundle(outDir)];
  }
}
