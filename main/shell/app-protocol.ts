import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { protocol, type Session } from 'electron';
import type { Language } from '#shared/contract/shell.ts';
import { fillDocument, planAnswer } from './app-files.ts';
import { appScheme, securityHeaders as headers } from './content-policy.ts';
import type { Refuse } from './refusals.ts';

/** Makes `app://` a standard, secure scheme. Must run before the app is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: appScheme,
      privileges: {
        standard: true,
        secure: true,
        supportFetchAPI: true,
        corsEnabled: true,
        codeCache: true,
        stream: true,
      },
    },
  ]);
}

/** What the page's files are served from. */
export type AppProtocolOptions = {
  readonly session: Session;
  /** Absolute folder of the built interface. */
  readonly root: string;
  readonly language: () => Language;
  readonly refuse: Refuse;
};

/** Serves the interface's files, and nothing else, under `app://console/`. */
export function serveApp({ session, root, language, refuse }: AppProtocolOptions): void {
  session.protocol.handle(appScheme, async (request) => {
    const answer = planAnswer(request.method, request.url, root);
    if (answer.kind === 'refused') {
      refuse('file', request.url, { why: answer.why });
      return new Response(null, { status: answer.status, headers });
    }
    try {
      if (answer.kind === 'document') {
        const html = fillDocument(await readFile(join(root, 'index.html'), 'utf8'), language());
        const type = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' };
        return new Response(html, { headers: { ...headers, ...type } });
      }
      const content = await readFile(answer.path);
      return new Response(content, { headers: { ...headers, 'Content-Type': answer.type } });
    } catch (thrown) {
      const code = (thrown as { readonly code?: unknown }).code;
      refuse('file', request.url, { why: typeof code === 'string' ? code : 'unreadable' });
      return new Response(null, { status: 404, headers });
    }
  });
}
