import { extname, join, sep } from 'node:path';
import type { Language } from '#shared/contract/shell.ts';
import { appHost, appScheme } from './content-policy.ts';

/** What to answer to a request of the app's scheme. */
export type AppAnswer =
  /** The one document; the address is one inside the app. */
  | { readonly kind: 'document' }
  | { readonly kind: 'file'; readonly path: string; readonly type: string }
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 404 | 405; readonly why: string };

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wav': 'audio/wav',
  '.woff2': 'font/woff2',
};

/**
 * Decides about one request of the app's scheme.
 *
 * A path whose last part has no known file type is an address inside the app (a host may be called `db-1.site`) and
 * gets the document. Everything else is a file below `root` or nothing: encoded separators, parent folders, control
 * characters and foreign hosts are refused before the disk is asked.
 *
 * @param root absolute folder of the built interface
 */
export function planAnswer(method: string, address: string, root: string): AppAnswer {
  if (method !== 'GET') return refused(405, 'only GET');
  const url = parseAddress(address);
  if (url === null) return refused(400, 'not an address');
  if (url.protocol !== `${appScheme}:` || url.host !== appHost) return refused(403, 'foreign host');
  const parts = decodeParts(url.pathname);
  if (parts === null) return refused(403, 'path leaves the folder');
  const type = types[extname(parts.at(-1) ?? '').toLowerCase()];
  if (type === undefined || parts.join('/') === 'index.html') return { kind: 'document' };
  const path = join(root, ...parts);
  if (!path.startsWith(root + sep)) return refused(403, 'path leaves the folder');
  return { kind: 'file', path, type };
}

function refused(status: 400 | 403 | 404 | 405, why: string): AppAnswer {
  return { kind: 'refused', status, why };
}

function parseAddress(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    // Not an address at all; the caller answers 400.
    return null;
  }
}

/** The decoded parts of a path, or null when one of them is not a plain name. */
function decodeParts(pathname: string): readonly string[] | null {
  const parts: string[] = [];
  for (const raw of pathname.split('/')) {
    let part: string;
    try {
      part = decodeURIComponent(raw);
    } catch {
      // A stray percent sign: no file of the app has such a name.
      return null;
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is refused here.
    if (part === '..' || part === '.' || /[/\\\u0000-\u001f]/.test(part)) return null;
    if (part !== '') parts.push(part);
  }
  return parts;
}

/** The document as it is sent: with the operator's language from its first byte. */
export function fillDocument(html: string, language: Language): string {
  return html.replace(/<html(?:\s[^>]*)?>/i, `<html lang="${language}">`);
}
