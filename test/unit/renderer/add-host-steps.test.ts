import { describe, expect, it } from 'vitest';
import {
  type AddHostDraft,
  checkAddress,
  emptyDraft,
  hasErrors,
  hostOf,
  parseLabels,
  scrapeOf,
  urlOf,
} from '../../../renderer/wizards/add-host/steps.ts';
import { hostInputSchema } from '../../../shared/contract/hosts.ts';

const draft = (change: Partial<AddHostDraft>): AddHostDraft => ({ ...emptyDraft, host: 'app-1', ...change });

describe('the address step', () => {
  it('accepts names, addresses and bracketed IPv6', () => {
    for (const host of ['app-1', '10.0.1.11', '[fe80::1]', 'db.site.internal']) {
      expect(hasErrors(checkAddress(draft({ host })))).toBe(false);
    }
  });

  it.each([
    [{ host: '' }, 'host', 'required'],
    [{ host: 'http://app-1' }, 'host', 'badAddress'],
    [{ host: 'app-1:9100' }, 'host', 'badAddress'],
    [{ host: '10.0.0.300' }, 'host', 'badAddress'],
    [{ host: 'user@app-1' }, 'host', 'badAddress'],
    [{ port: '0' }, 'port', 'badPort'],
    [{ port: '65536' }, 'port', 'badPort'],
    [{ port: '9100x' }, 'port', 'badPort'],
    [{ path: 'metrics' }, 'path', 'badPath'],
    [{ intervalSeconds: '0' }, 'interval', 'badInterval'],
    [{ job: ' ' }, 'job', 'required'],
  ] as const)('refuses %o', (change, field, error) => {
    expect(checkAddress(draft(change))[field]).toBe(error);
  });
});

describe('labels', () => {
  it('are one a line', () => {
    expect(parseLabels('env=prod\n\n rack = R 1 ')).toEqual({
      ok: true,
      labels: { env: 'prod', rack: 'R 1' },
    });
  });

  it('name the line that is none', () => {
    expect(parseLabels('env=prod\n2nd=x')).toEqual({ ok: false, line: 2 });
  });
});

describe('the host that is added', () => {
  it('is what the contract accepts, named by its address when nothing was typed', () => {
    const host = hostOf(draft({ labels: 'env=prod', tier: 'data' }));
    const parsed = hostInputSchema.safeParse(host);
    expect(parsed.error).toBeUndefined();
    expect(host).toMatchObject({ name: 'app-1', address: 'app-1', tier: 'data', labels: { env: 'prod' } });
  });

  it('never waits for an answer longer than its interval', () => {
    expect(scrapeOf(draft({ intervalSeconds: '5' })).timeoutMs).toBe(5_000);
    expect(scrapeOf(draft({ intervalSeconds: '60' })).timeoutMs).toBe(10_000);
  });

  it('carries credentials by file, and TLS settings only over https', () => {
    const secure = scrapeOf(
      draft({
        scheme: 'https',
        insecure: true,
        username: 'u',
        password: 'geheim',
        caFile: '/ca.pem',
      }),
    );
    expect(secure.basicAuth).toEqual({ username: 'u', password: 'geheim' });
    expect(secure.tls).toMatchObject({ caFile: '/ca.pem', insecureSkipVerify: true });
    expect(scrapeOf(draft({ insecure: true, caFile: '/ca.pem' })).tls).toBeUndefined();
    expect(urlOf(draft({ scheme: 'https', port: '443' }))).toBe('https://app-1:443/metrics');
  });
});
