import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeCertificates } from '../../helpers/certificates.ts';
import { startFaultyServer } from '../../helpers/faulty-server.ts';
import { answered } from '../../helpers/metrics-area.ts';
import { scrapeMany } from '../../helpers/remote-bench.ts';
import { sender as bench, closeAfter, NOW, receiver } from '../../helpers/remote-senders.ts';
import { temporaryFolder } from '../../helpers/temp-folder.ts';
import { takenSamples } from '../../helpers/write-receiver.ts';

const NAN = '7ff8000000000001';
const STALE = '7ff0000000000002';

describe('sending', () => {
  test('keeps every bit of a value, and the order', async () => {
    const server = await receiver();
    const b = bench();
    b.add(server.url);
    const target = b.metrics.target();
    target.succeed(answered(NOW, 'a 1\nb NaN\nc +Inf\nd -Inf\ne -0\nf 4.9e-324\n'));
    target.succeed(answered(NOW + 15_000, 'a 2\n'));
    b.metrics.now = NOW + 15_000;
    await b.drained();
    const of = (name: string) => server.taken.get(`__name__=${name},instance=host:1,job=test`);
    expect(of('a')).toEqual([`${NOW} 3ff0000000000000`, `${NOW + 15_000} 4000000000000000`]);
    expect(of('b')).toEqual([`${NOW} ${NAN}`, `${NOW + 15_000} ${STALE}`]);
    expect(of('c')?.[0]).toBe(`${NOW} 7ff0000000000000`);
    expect(of('d')?.[0]).toBe(`${NOW} fff0000000000000`);
    expect(of('e')?.[0]).toBe(`${NOW} 8000000000000000`);
    expect(of('f')?.[0]).toBe(`${NOW} 1`);
    expect(server.headers[0]).toMatchObject({
      'content-encoding': 'snappy',
      'content-type': 'application/x-protobuf',
      'x-prometheus-remote-write-version': '0.1.0',
    });
  });

  test('adds external labels where there are none, and applies the rules after that', async () => {
    const server = await receiver();
    const b = bench();
    b.add(server.url, {
      externalLabels: { site: 'north', job: 'other' },
      writeRelabel: [
        { action: 'keep', sourceLabels: ['__name__', 'site'], regex: '[ab];north' },
        { action: 'labeldrop', regex: 'instance' },
      ],
    });
    b.metrics.target().succeed(answered(NOW, 'a 1\nb{site="south"} 1\nc 1\n'));
    await b.drained();
    expect([...server.taken.keys()]).toEqual(['__name__=a,job=test,site=north']);
  });

  test('tells metadata', async () => {
    const server = await receiver();
    const b = bench();
    b.metrics
      .target()
      .succeed(answered(NOW, '# HELP hits_total How many.\n# TYPE hits_total counter\nhits_total 1\n'));
    b.add(server.url);
    await b.until(() => server.metadata.length > 0);
    expect(server.metadata).toEqual(['1|hits_total|How many.|']);
  });

  test('repeats what is refused for now, waits as it is asked to, and loses nothing', async () => {
    const server = await receiver();
    const b = bench();
    const answers = [500, 503, 429, 0];
    const times: number[] = [];
    server.judge = (response) => {
      times.push(performance.now());
      const status = answers.shift() ?? 200;
      if (status === 0) response.socket?.destroy();
      else if (status !== 200) {
        response.writeHead(status, status === 429 ? { 'retry-after': '1' } : {});
        response.end('not now');
      }
      return status === 200;
    };
    b.add(server.url);
    scrapeMany(b, 3, 5);
    await b.drained();
    expect(takenSamples(server)).toBe(3 * 11);
    expect((times[3] ?? 0) - (times[2] ?? 0)).toBeGreaterThan(990);
    expect(b.state()).toMatchObject({
      requestsFailed: 4,
      samplesRefused: 0,
      samplesSent: 33,
      state: 'sending',
    });
  });

  test('a server that never answers costs the timeout, not the queue', async () => {
    const server = await receiver();
    const b = bench();
    let hanging = 0;
    server.judge = () => ++hanging > 1;
    b.add(server.url, { timeoutMs: 200 });
    scrapeMany(b, 2, 1);
    await b.drained();
    expect(takenSamples(server)).toBe(14);
    expect(b.state().requestsFailed).toBe(1);
  });

  test('leaves out what is refused for good, counts it, says so, and goes on', async () => {
    const server = await receiver();
    const b = bench();
    server.judge = (response) => {
      response.writeHead(403);
      response.end('who are you');
      return false;
    };
    b.add(server.url);
    scrapeMany(b, 2, 4);
    await b.drained();
    expect(b.state()).toMatchObject({ samplesRefused: 20, samplesSent: 0 });
    expect(b.remote.problems().map(({ code }) => code)).toEqual(['REMOTE_REFUSED']);
    expect(b.remote.problems()[0]?.message.en).toContain('who are you');
    const refused = server.requests();
    server.judge = () => true;
    scrapeMany(b, 1, 4);
    await b.drained();
    expect(server.requests()).toBe(refused + 1);
    expect(b.state()).toMatchObject({ samplesRefused: 20, samplesSent: 10 });
  });

  test('one bad sample does not cost the request that it is in', async () => {
    const server = await receiver();
    const b = bench();
    server.judge = (response, written) => {
      const bad = [...written.keys()].some((series) => series.includes('n=77'));
      if (bad) {
        response.writeHead(400);
        response.end('label value not allowed');
      }
      return !bad;
    };
    b.add(server.url);
    scrapeMany(b, 1, 1000);
    await b.drained();
    const { samplesRefused } = b.state();
    expect(samplesRefused).toBeGreaterThan(0);
    expect(samplesRefused).toBeLessThan(1006 / 8);
    expect(takenSamples(server)).toBe(1006 - samplesRefused);
  });

  test('an answer that was lost is no refusal: what the server has already counts as sent', async () => {
    const server = await receiver();
    const b = bench();
    let first = true;
    const judge = server.judge;
    server.judge = (response, written) => {
      if (first) {
        first = false;
        // Taken, but the connection ends before the answer.
        for (const [series, samples] of written) server.taken.set(series, samples);
        response.socket?.destroy();
        server.judge = (answer) => {
          answer.writeHead(400);
          answer.end('out of order sample');
          server.judge = judge;
          return false;
        };
        return false;
      }
      return true;
    };
    b.add(server.url, { maxSamples: 1 });
    b.metrics.target().succeed(answered(NOW, ''));
    await b.drained();
    expect(b.state()).toMatchObject({ samplesSent: 5, samplesRefused: 0 });
  });

  test('samples of other times keep the order of their series', async () => {
    const server = await receiver();
    const b = bench();
    b.add(server.url, { maxSamples: 7 });
    const target = b.metrics.target();
    for (let i = 0; i < 40; i++) {
      b.metrics.now = NOW + i * 15_000;
      const own = b.metrics.now - 600_000 + (i % 7) * 1000;
      target.succeed(answered(b.metrics.now, `late ${i} ${own}\nplain ${i}\n`));
    }
    await b.drained();
    expect(server.taken.get('__name__=late,instance=host:1,job=test')).toHaveLength(40);
    expect(b.state().samplesRefused).toBe(0);
  });
});

describe('logging in', () => {
  test('with a password from a file, over TLS with a CA file; a wrong CA sends nothing', async () => {
    const folder = temporaryFolder();
    const certificates = makeCertificates(folder);
    const heard: (string | undefined)[] = [];
    const server = await startFaultyServer(
      (request, response) => {
        heard.push(request.headers.authorization);
        request.resume();
        response.writeHead(204);
        response.end();
      },
      { cert: readFileSync(certificates.certFile), key: readFileSync(certificates.keyFile) },
    );
    closeAfter(server.close);
    writeFileSync(join(folder, 'password'), 'geheim\n');
    const b = bench();
    const url = `https://${server.address}/api/v1/write`;
    const basicAuth = { username: 'ops', passwordFile: join(folder, 'password') };
    const wrong = b.add(url, { basicAuth, tls: { caFile: certificates.otherCaFile } });
    scrapeMany(b, 1, 1);
    await b.until(() => b.state(wrong).requestsFailed > 0);
    expect(heard).toEqual([]);
    expect(b.state(wrong)).toMatchObject({ state: 'retrying', samplesSent: 0, backlogSamples: 7 });
    const right = b.add(url, { basicAuth, tls: { caFile: certificates.caFile } });
    scrapeMany(b, 1, 1);
    await b.until(() => b.state(right).samplesSent > 0);
    expect(heard[0]).toBe(`Basic ${Buffer.from('ops:geheim').toString('base64')}`);
    expect(JSON.stringify(b.remote.status())).not.toContain('geheim');
  });

  test('with a token; a file that is missing is an error, not an empty token', async () => {
    const server = await receiver();
    const b = bench();
    const missing = b.add(server.url, { bearerTokenFile: join(temporaryFolder(), 'token') });
    const token = b.add(server.url, { bearerToken: 't0ken' });
    scrapeMany(b, 1, 1);
    await b.until(() => b.state(token).samplesSent > 0 && b.state(missing).requestsFailed > 0);
    expect(server.headers.every(({ authorization }) => authorization === 'Bearer t0ken')).toBe(true);
  });
});
