/** Origin of the console's pages. The scheme is the console's own, so nothing else can ever share it. */
export const appScheme = 'app';
export const appHost = 'console';
export const appOrigin = `${appScheme}://${appHost}`;

/** Whether an address belongs to the app's own scheme and host. */
export function isOwnAddress(address: string): boolean {
  return address === appOrigin || address.startsWith(`${appOrigin}/`);
}

/**
 * The page's Content-Security-Policy: nothing, plus exactly what the interface needs. Scripts and styles come only from
 * files of the app.
 */
export const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "media-src 'self'",
  "connect-src 'none'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Headers of every answer of the app's scheme.
 *
 * There is no Cross-Origin-Opener-Policy on purpose: it protects a page from its opener, every opener is refused
 * here, and it would make Chromium throw away the page process that is ready and start another one.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentPolicy,
  'X-Content-Type-Options': 'nosniff',
  'X-DNS-Prefetch-Control': 'off',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
