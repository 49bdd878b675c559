import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { execPath } from 'node:process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { inProject } from '../../../scripts/lib/paths.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';

/** What the lint must refuse, by the file that imports. Nothing of it need exist: the lint sees paths. */
const forbidden = {
  'shared/domain/a.ts': [
    '../../main/index.ts',
    '../../renderer/start.ts',
    '../../test/helpers/frames.ts',
    'node:fs',
    'electron',
    'electron/main',
    'react',
    'better-sqlite3',
  ],
  'renderer/pages/logs/a.ts': [
    '../../../main/index.ts',
    '../../../test/helpers/frames.ts',
    'node:fs',
    'electron',
    'electron/renderer',
    'better-sqlite3',
  ],
  'main/shell/a.ts': [
    '../engine/metrics/store.ts',
    '../engine/index.ts',
    '../engine/storage/sqlite.ts',
    '../../renderer/start.ts',
    '../../test/helpers/frames.ts',
  ],
  'main/preload/a.ts': ['../engine/index.ts'],
  'main/engine/a.ts': [
    'electron',
    'electron/main',
    '../shell/ipc.ts',
    '../preload/bridge.ts',
    '../../renderer/start.ts',
    '../../test/helpers/frames.ts',
    '../../scripts/build.ts',
    'react',
  ],
  'main/engine/metrics/a.ts': ['electron', '../../shell/ipc.ts', '../hub.ts', '../logs/index.ts'],
  'main/engine/metrics/rollup/a.ts': [
    'electron',
    '../../hub.ts',
    '../../logs/index.ts',
    '../../logs/store/day.ts',
  ],
  'main/engine/logs/search/regex/a.ts': ['electron', '../../../hub.ts', '../../../metrics/rollup/files.ts'],
  'main/engine/storage/a.ts': ['../logs/index.ts'],
};

/** What it must leave alone, or the rules forbid the house its own rooms. */
const allowed = {
  'shared/domain/a.ts': ['../units/bytes.ts', '#shared/errors/index.ts', 'zod'],
  'renderer/pages/logs/a.ts': ['../../components/button.tsx', '#shared/contract/index.ts', 'react'],
  'main/shell/a.ts': ['electron', '../engine/platform/logger.ts', '../engine/storage/durable.ts', './ipc.ts'],
  'main/engine/a.ts': ['./metrics/index.ts', './hub.ts', 'node:fs'],
  'main/engine/metrics/a.ts': ['../storage/durable.ts', './rollup/files.ts', '#shared/errors/index.ts'],
  'main/engine/metrics/rollup/a.ts': ['../partition-files.ts', '../head/row.ts', '../../platform/clock.ts'],
  'main/engine/logs/search/regex/a.ts': ['../../store/day.ts', '../../../storage/durable.ts'],
  'main/engine/cli/a.ts': ['../rule-tools.ts'],
};

/** Each way to name another module, for none may be a way round the rules. */
const spellings = [
  (from: string) => `import { it } from '${from}';\nexport const mine = it;\n`,
  (from: string) => `import type { It } from '${from}';\nexport type Mine = It;\n`,
  (from: string) => `export * from '${from}';\n`,
  (from: string) => `export const mine = () => import('${from}');\n`,
];

type Case = { readonly from: string; readonly path: string; readonly text: string };

/** A file for each import and spelling, in the folder of the file that the table names. */
function cases(table: Readonly<Record<string, readonly string[]>>): readonly Case[] {
  return Object.entries(table).flatMap(([file, imports]) =>
    imports.flatMap((from, place) =>
      spellings.map((write, way) => ({
        from,
        path: file.replace('a.ts', `a${place}-${way}.ts`),
        text: write(from),
      })),
    ),
  );
}

const report = z.object({ diagnostics: z.array(z.object({ location: z.object({ path: z.string() }) })) });

/** The paths of the cases whose import the lint of the project refuses. */
async function refused(all: readonly Case[]): Promise<ReadonlySet<string>> {
  const folder = temporaryFolder('layers');
  copyFileSync(inProject('biome.json'), join(folder, 'biome.json'));
  for (const { path, text } of all) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const biome = inProject('node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const options = ['--vcs-enabled=false', '--only=style/noRestrictedImports', '--max-diagnostics=none'];
  const { stdout } = await promisify(execFile)(
    execPath,
    [biome, 'lint', ...options, '--reporter=json', '.'],
    // It ends with a failure where it refuses something, and has said what by then.
    { cwd: folder },
  ).catch((failed: { readonly stdout: string }) => failed);
  return new Set(report.parse(JSON.parse(stdout)).diagnostics.map(({ location }) => location.path));
}

test('the lint refuses every import across a layer, however it is written', async () => {
  const all = cases(forbidden);
  const found = await refused(all);
  expect(all.filter(({ path }) => !found.has(path))).toEqual([]);
});

test('the lint leaves alone what the layers allow', async () => {
  expect([...(await refused(cases(allowed)))]).toEqual([]);
});

test('no import of the product takes a way that the lint does not see', () => {
  const odd = ['main', 'renderer', 'shared'].flatMap((folder) =>
    readdirSync(inProject(folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .flatMap((name) => {
        const text = readFileSync(inProject(folder, name), 'utf8');
        const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*/gm, '');
        const imports = [...code.matchAll(/\b(?:from|import)\s*\(?\s*'([^'{]+)'/g)].map(
          ([, from]) => from ?? '',
        );
        const bent = imports.filter((from) => from.startsWith('.') && shortest(from) !== from);
        const climbing = imports.filter((from) => from.startsWith('#') && from.includes('..'));
        // A type written as `import('…').Name` is the one form that the lint passes over.
        const hidden = [
          ...code.matchAll(/\btypeof import\('\.|\bimport\('\.[^)]*\)\.(?!then\b|catch\b)/g),
        ].map(([it]) => it);
        return [...bent, ...climbing, ...hidden].map((it) => `${folder}/${name}: ${it}`);
      }),
  );
  expect(odd).toEqual([]);
});

/** A relative path without detours: `./../a` is `../a`. */
function shortest(from: string): string {
  const path = posix.normalize(from);
  return path.startsWith('.') ? path : `./${path}`;
}
