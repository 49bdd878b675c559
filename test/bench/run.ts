/**
 * `npm run bench -- NAME [PART …]`: runs one benchmark, which prints a table with ratios. Without a name it lists them.
 *
 * Each file beside this one is a benchmark that exports `run`. They are not tests: nothing here passes or fails.
 */
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { argv } from 'node:process';

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== basename(import.meta.filename))
  .map((file) => basename(file, '.ts'))
  .sort();

const [name, ...parts] = argv.slice(2);
if (name === undefined || !names.includes(name)) {
  console.log(name === undefined ? 'Benchmarks:' : `There is no benchmark ${name}. Benchmarks:`);
  for (const known of names) console.log(`  npm run bench -- ${known}`);
  process.exitCode = name === undefined ? 0 : 2;
} else {
  const benchmark = (await import(`./${name}.ts`)) as {
    readonly run: (parts: readonly string[]) => Promise<void>;
  };
  await benchmark.run(parts);
}
