import { describeThrown } from '#shared/errors/index.ts';
import { type Answer, nothing, refused, textError } from './answer.ts';
import type { ApiRequest } from './query-endpoints.ts';
import { ApiRefusal } from './refusal.ts';

/** One endpoint. Parts of the path that begin with a colon stand for any text. */
export type Route = {
  readonly path: string;
  readonly methods: readonly ('GET' | 'POST' | 'HEAD')[];
  readonly answer: (request: ApiRequest) => Answer | Promise<Answer>;
};

/** The endpoint that a request is for, or the answer when there is none. */
export type Routed =
  | { readonly route: Route; readonly path: Readonly<Record<string, string>> }
  | { readonly route: null; readonly answer: Answer };

const API = '/api/v1/';

/** Finds the endpoint of a path and method, and decides 404, 405 and OPTIONS as Prometheus 2.42 does. */
export function findRoute(routes: readonly Route[], method: string, path: string): Routed {
  if (method === 'OPTIONS' && path.startsWith(API)) return { route: null, answer: nothing };
  const parts = path.split('/');
  for (const route of routes) {
    const found = matchPath(route.path, parts);
    if (found === null) continue;
    if ((route.methods as readonly string[]).includes(method)) return { route, path: found };
    const allow = [...route.methods, 'OPTIONS'].sort().join(', ');
    if (method === 'OPTIONS')
      return { route: null, answer: { ...nothing, status: 200, headers: { Allow: allow } } };
    return { route: null, answer: textError(405, 'Method Not Allowed', { Allow: allow }) };
  }
  return { route: null, answer: textError(404, '404 page not found') };
}

function matchPath(pattern: string, parts: readonly string[]): Record<string, string> | null {
  const wanted = pattern.split('/');
  if (wanted.length !== parts.length) return null;
  const found: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const given = parts[i] ?? '';
    if (!part.startsWith(':')) {
      if (part !== given) return null;
      continue;
    }
    try {
      found[part.slice(1)] = decodeURIComponent(given);
    } catch {
      return null;
    }
  }
  return found;
}

/** Answers at an endpoint; a refusal becomes the API's error JSON. */
export async function answerAt(
  route: Route,
  request: ApiRequest,
  onThrown: (what: string) => void,
): Promise<Answer> {
  try {
    return await route.answer(request);
  } catch (thrown) {
    if (thrown instanceof ApiRefusal) return refused(thrown);
    const what = describeThrown(thrown);
    onThrown(what);
    return refused(new ApiRefusal('internal', what));
  }
}
