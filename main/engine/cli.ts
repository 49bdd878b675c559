import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { compiledFolder } from '#shared/domain/data-dir.ts';
import { boundYoungGeneration } from './platform/young-generation.ts';

// A command is over in a second, and a good part of that was compiling the engine. What was compiled is kept beside other
// caches of the same person, in a folder that nobody else may write to; without it the command works as well.
process.env.NODE_COMPILE_CACHE ??= compiledFolder({
  platform: process.platform,
  env: process.env,
  home: homedir(),
});
enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
// Before the engine is loaded: that alone makes the room grow. Other commands end before it matters.
if (process.argv.includes('serve')) boundYoungGeneration();
const { runCommand } = await import('./cli/program.ts');
await runCommand(process.argv);
