/**
 * The default app of a runtime that ships without one.
 *
 * `electron FOLDER` is not built into the Electron binary: a small app inside `resources/default_app.asar` finds
 * FOLDER on the command line and starts what it names. The registry runtime lacks that app, so the preflight packs
 * this file as its replacement. It understands only what this project needs: `-r MODULE` and the app's folder.
 */
import { existsSync, readFileSync } from 'node:fs';
import { Module } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const modules = [];
let target;
const args = process.argv.slice(1);
for (let index = 0; index < args.length; index += 1) {
  const arg = args[index];
  if (arg === '-r' || arg === '--require') {
    index += 1;
    modules.push(args[index]);
  } else if (!arg.startsWith('-')) {
    target = arg;
    break;
  }
}

if (args.includes('--version') && target === undefined) {
  process.stdout.write(`v${process.versions.electron}\n`);
  process.exit(0);
}
if (target === undefined) {
  process.stderr.write('No app was named: pass the folder of an app that has a package.json.\n');
  process.exit(1);
}

const folder = resolve(target);
const packageFile = join(folder, 'package.json');
if (!existsSync(packageFile)) {
  process.stderr.write(`${folder} holds no package.json, so it is not an app.\n`);
  process.exit(1);
}
const description = JSON.parse(readFileSync(packageFile, 'utf8'));
// The app must be able to tell that it is not packaged, exactly as under the official default app.
Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
if (description.version) app.setVersion(description.version);
app.name = description.productName ?? description.name ?? 'Electron';
app.setDesktopName(description.desktopName ?? `${app.name}.desktop`);
app.setAppPath(folder);
if (modules.length > 0) Module._preloadModules(modules);

const entry = join(folder, description.main ?? 'index.js');
if (!existsSync(entry)) {
  process.stderr.write(
    `${entry} does not exist in ${dirname(entry)}: build the app first (npm run build).\n`,
  );
  process.exit(1);
}
await import(pathToFileURL(entry).href);
