/** A Linux distribution as `/etc/os-release` names it. */
export type Distribution = {
  /** Lower-case names from ID and ID_LIKE. */
  readonly names: readonly string[];
  /** VERSION_ID as a number, or undefined for rolling releases. */
  readonly version: number | undefined;
};

/** Reads the three lines of `/etc/os-release` that matter here. */
export function parseOsRelease(text: string): Distribution {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z_]+)=(.*)$/.exec(line.trim());
    if (match?.[1] && match[2] !== undefined) values.set(match[1], match[2].replace(/^["']|["']$/g, ''));
  }
  const names = `${values.get('ID') ?? ''} ${values.get('ID_LIKE') ?? ''}`.toLowerCase().split(/\s+/);
  const version = Number.parseFloat(values.get('VERSION_ID') ?? '');
  return {
    names: names.filter((name) => name !== ''),
    version: Number.isNaN(version) ? undefined : version,
  };
}

/** Whether apt-get and Debian's package names are to be expected. */
export function isDebianLike(distribution: Distribution): boolean {
  return distribution.names.some((name) => name === 'debian' || name === 'ubuntu');
}

/** The libraries that `ldd` could not find. */
export function missingLibraries(lddOutput: string): string[] {
  const missing = new Set<string>();
  for (const line of lddOutput.split('\n')) {
    const match = /^\s*(\S+)\s+=>\s+not found/.exec(line);
    if (match?.[1]) missing.add(match[1]);
  }
  return [...missing].sort();
}

/**
 * The Debian packages of the libraries that Electron links.
 *
 * Names marked with `*` carry the suffix `t64` since Debian 13 and Ubuntu 24.04 (64-bit time_t).
 */
const packageOf: ReadonlyMap<string, string> = new Map([
  ['libgtk-3.so.0', 'libgtk-3-0*'],
  ['libgdk-3.so.0', 'libgtk-3-0*'],
  ['libgdk_pixbuf-2.0.so.0', 'libgdk-pixbuf-2.0-0'],
  ['libnss3.so', 'libnss3'],
  ['libnssutil3.so', 'libnss3'],
  ['libsmime3.so', 'libnss3'],
  ['libssl3.so', 'libnss3'],
  ['libnspr4.so', 'libnspr4'],
  ['libasound.so.2', 'libasound2*'],
  ['libgbm.so.1', 'libgbm1'],
  ['libdrm.so.2', 'libdrm2'],
  ['libatk-1.0.so.0', 'libatk1.0-0*'],
  ['libatk-bridge-2.0.so.0', 'libatk-bridge2.0-0*'],
  ['libatspi.so.0', 'libatspi2.0-0*'],
  ['libXss.so.1', 'libxss1'],
  ['libX11.so.6', 'libx11-6'],
  ['libX11-xcb.so.1', 'libx11-xcb1'],
  ['libxcb.so.1', 'libxcb1'],
  ['libXcomposite.so.1', 'libxcomposite1'],
  ['libXdamage.so.1', 'libxdamage1'],
  ['libXext.so.6', 'libxext6'],
  ['libXfixes.so.3', 'libxfixes3'],
  ['libXrandr.so.2', 'libxrandr2'],
  ['libXcursor.so.1', 'libxcursor1'],
  ['libXi.so.6', 'libxi6'],
  ['libXtst.so.6', 'libxtst6'],
  ['libXrender.so.1', 'libxrender1'],
  ['libxkbcommon.so.0', 'libxkbcommon0'],
  ['libxshmfence.so.1', 'libxshmfence1'],
  ['libcups.so.2', 'libcups2*'],
  ['libdbus-1.so.3', 'libdbus-1-3'],
  ['libexpat.so.1', 'libexpat1'],
  ['libglib-2.0.so.0', 'libglib2.0-0*'],
  ['libgobject-2.0.so.0', 'libglib2.0-0*'],
  ['libgio-2.0.so.0', 'libglib2.0-0*'],
  ['libgmodule-2.0.so.0', 'libglib2.0-0*'],
  ['libpango-1.0.so.0', 'libpango-1.0-0'],
  ['libpangocairo-1.0.so.0', 'libpangocairo-1.0-0'],
  ['libcairo.so.2', 'libcairo2'],
  ['libcairo-gobject.so.2', 'libcairo-gobject2'],
  ['libudev.so.1', 'libudev1'],
  ['libuuid.so.1', 'libuuid1'],
]);

/** Debian packages for missing libraries, and the libraries that no known package brings. */
export type LibraryPackages = { readonly packages: readonly string[]; readonly unknown: readonly string[] };

/** Translates missing libraries into package names of this release of Debian or Ubuntu. */
export function packagesFor(libraries: readonly string[], distribution: Distribution): LibraryPackages {
  const suffix = hasTime64Names(distribution) ? 't64' : '';
  const packages = new Set<string>();
  const unknown: string[] = [];
  for (const library of libraries) {
    const name = packageOf.get(library);
    if (name === undefined) unknown.push(library);
    else packages.add(name.endsWith('*') ? `${name.slice(0, -1)}${suffix}` : name);
  }
  return { packages: [...packages].sort(), unknown };
}

function hasTime64Names(distribution: Distribution): boolean {
  const first = distribution.names[0];
  // A derivative's own numbering says nothing here; its packages are most likely recent.
  if (distribution.version === undefined) return true;
  if (first === 'ubuntu') return distribution.version >= 24.04;
  if (first === 'debian') return distribution.version >= 13;
  return distribution.version >= 20;
}
