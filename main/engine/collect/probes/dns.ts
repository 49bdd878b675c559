import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { CheckOf } from '#shared/contract/checks.ts';
import { appError, describeThrown } from '#shared/errors/index.ts';
import { codeOf } from '../../platform/http/request-errors.ts';
import { single } from '../workstation/families.ts';
import { type CheckProbe, failed, type ProbeDeps } from './check-probe.ts';

/** Names are compared without the dot at their end and in lower case. */
const plain = (answer: string): string => answer.toLowerCase().replace(/\.$/, '').replace(/\. /g, ' ');

/** `127.0.0.1`, `127.0.0.1:53`, `[::1]:53` as the resolver wants it, or null. */
function serverOf(text: string): string | null {
  if (isIP(text) === 6) return `[${text}]`;
  const [, address = '', port] = /^\[?([0-9a-fA-F:.]+?)\]?(?::(\d{1,5}))?$/.exec(text) ?? [];
  const family = isIP(address);
  if (family === 0) return null;
  return `${family === 6 ? `[${address}]` : address}${port === undefined ? '' : `:${port}`}`;
}

/** Asks a name server, as `dig +short` does. */
async function ask(resolver: Resolver, { name, type }: CheckOf<'dns'>): Promise<readonly string[]> {
  switch (type) {
    case 'A':
      return resolver.resolve4(name);
    case 'AAAA':
      return resolver.resolve6(name);
    case 'CNAME':
      return resolver.resolveCname(name);
    case 'NS':
      return resolver.resolveNs(name);
    case 'PTR':
      return isIP(name) === 0 ? resolver.resolvePtr(name) : resolver.reverse(name);
    case 'MX':
      return (await resolver.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${exchange}`);
    case 'TXT':
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
    case 'SRV':
      return (await resolver.resolveSrv(name)).map(
        ({ priority, weight, port, name: target }) => `${priority} ${weight} ${port} ${target}`,
      );
    case 'SOA': {
      const { nsname, hostmaster, serial, refresh, retry, expire, minttl } = await resolver.resolveSoa(name);
      return [`${nsname} ${hostmaster} ${serial} ${refresh} ${retry} ${expire} ${minttl}`];
    }
  }
}

/** Asks a name server for a name and compares what it answers. The protocol is c-ares', as Node carries it. */
export function createDnsProbe({ clock }: ProbeDeps): CheckProbe<'dns'> {
  return async ({ what, timeoutMs, signal, steps }) => {
    const server = what.server === null ? null : serverOf(what.server);
    if (what.server !== null && server === null)
      return failed(appError('CHECK_DNS_SERVER', { server: what.server }));
    // One try, so that the time of the check is the time of the answer; retries are the check's own.
    const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
    if (server !== null) resolver.setServers([server]);
    const onAbort = (): void => resolver.cancel();
    signal.addEventListener('abort', onAbort, { once: true });
    const end = steps.begin({
      zh: `查询 ${what.type} ${what.name}`,
      en: `ask for ${what.type} ${what.name}`,
    });
    const start = clock.monotonic();
    const said = `${what.type} ${what.name}`;
    try {
      const answers = await ask(resolver, what);
      const seconds = (clock.monotonic() - start) / 1000;
      end(true, answers.join(', '));
      const known = new Set(answers.map(plain));
      const missing = what.answers.filter((answer) => !known.has(plain(answer)));
      const shown = answers.slice(0, 5).join(', ');
      return {
        error:
          missing.length === 0
            ? null
            : appError('CHECK_DNS_ANSWER', { name: said, expected: missing.join(', '), found: shown }),
        ...(missing.length === 0 ? { sentence: { zh: shown, en: shown } } : {}),
        measures: { answers: answers.length, lookup_seconds: seconds },
        families: dnsFamilies(1, answers.length, seconds),
        output: answers.join('\n'),
      };
    } catch (thrown) {
      const seconds = (clock.monotonic() - start) / 1000;
      end(false, describeThrown(thrown));
      return failed(dnsError(thrown, said, what.server ?? resolver.getServers()[0] ?? '', timeoutMs), {
        measures: { answers: 0, lookup_seconds: seconds },
        families: dnsFamilies(0, 0, seconds),
      });
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  };
}

function dnsError(thrown: unknown, name: string, server: string, timeoutMs: number) {
  const code = codeOf(thrown);
  if (code === 'ETIMEOUT' || code === 'ECANCELLED')
    return appError('CHECK_DNS_SILENT', { server, seconds: timeoutMs / 1000 });
  if (code === 'ECONNREFUSED') return appError('SCRAPE_REFUSED', { address: server });
  const reasons: Readonly<Record<string, string>> = {
    ENOTFOUND: 'NXDOMAIN',
    ENODATA: 'NOERROR, 0 answers',
    ESERVFAIL: 'SERVFAIL',
    EREFUSED: 'REFUSED',
  };
  return appError('CHECK_DNS_FAILED', { name, server, why: reasons[code] ?? describeThrown(thrown) });
}

function dnsFamilies(succeeded: number, answers: number, seconds: number) {
  return [
    single(
      'probe_dns_query_succeeded',
      'Displays whether or not the query was executed successfully.',
      succeeded,
    ),
    single('probe_dns_answer_rrs', 'Returns number of entries in the answer resource record list.', answers),
    single(
      'probe_dns_lookup_time_seconds',
      'Returns the time taken for probe dns lookup in seconds.',
      seconds,
    ),
  ];
}
