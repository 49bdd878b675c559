import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';
import { type Ear, listenTcp, listenUdp } from '../helpers/listening-server.ts';

/** Each of these would reach a server on loopback from an ordinary page. Nothing may arrive from this one. */

let run: ConsoleRun;
let tcp: Ear;
let udp: Ear;

beforeAll(async () => {
  [tcp, udp] = await Promise.all([listenTcp(), listenUdp()]);
  run = await launchConsole();
});

afterAll(async () => {
  await run?.close();
  await Promise.all([tcp?.close(), udp?.close()]);
});

/** Gives whatever was started the time that a loopback connection would take many times over. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 700));

/** Tries every way out that a page has; says how each ended. */
async function tryEveryWayOut(port: number): Promise<Record<string, string>> {
  return run.page.evaluate(async (target) => {
    const http = `http://127.0.0.1:${target}`;
    const said = (thrown: unknown): string => (thrown instanceof Error ? thrown.name : String(thrown));
    const element = (name: string, fields: Record<string, string>): Promise<string> =>
      new Promise((resolve) => {
        const made = Object.assign(document.createElement(name), fields);
        made.addEventListener('load', () => resolve('loaded'));
        made.addEventListener('error', () => resolve('failed'));
        document.body.append(made);
        setTimeout(() => resolve('nothing'), 500);
      });
    const results: Record<string, string> = {};
    results.fetch = await fetch(`${http}/fetch`).then(() => 'loaded', said);
    results.xhr = await new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.onload = () => resolve('loaded');
      request.onerror = () => resolve('failed');
      request.open('GET', `${http}/xhr`);
      request.send();
    });
    results.webSocket = await new Promise((resolve) => {
      try {
        const socket = new WebSocket(`ws://127.0.0.1:${target}/ws`);
        socket.onopen = () => resolve('loaded');
        socket.onerror = () => resolve('failed');
      } catch (thrown) {
        resolve(said(thrown));
      }
    });
    results.eventSource = await new Promise((resolve) => {
      const source = new EventSource(`${http}/events`);
      source.onopen = () => resolve('loaded');
      source.onerror = () => {
        source.close();
        resolve('failed');
      };
    });
    navigator.sendBeacon(`${http}/beacon`, 'x');
    results.image = await element('img', { src: `${http}/image.png` });
    results.script = await element('script', { src: `${http}/script.js` });
    results.style = await element('link', { rel: 'stylesheet', href: `${http}/style.css` });
    results.prefetch = await element('link', { rel: 'prefetch', href: `${http}/prefetch` });
    results.preconnect = await element('link', { rel: 'preconnect', href: http });
    results.frame = await element('iframe', { src: `${http}/frame` });
    results.object = await element('object', { data: `${http}/object` });
    results.audio = await element('audio', { src: `${http}/audio.ogg` });
    const form = Object.assign(document.createElement('form'), { action: `${http}/form`, method: 'post' });
    document.body.append(form);
    form.submit();
    return results;
  }, port);
}

beforeEach(() => {
  (tcp.heard as string[]).length = 0;
  (udp.heard as string[]).length = 0;
});

test('the server would hear a page that could reach it', async () => {
  await fetch(`http://127.0.0.1:${tcp.port}/control`);
  expect(tcp.heard.join('\n')).toContain('GET /control');
});

test('the policy stops every request, and each is logged', async () => {
  const results = await tryEveryWayOut(tcp.port);
  await settle();
  expect(tcp.heard).toEqual([]);
  // A blocked frame still fires `load`, for the empty page in its place.
  expect(Object.entries(results).filter(([way, end]) => end === 'loaded' && way !== 'frame')).toEqual([]);
  await until('a log line for every stopped directive', () => {
    const directives = run.refusals('policy').map((line) => String(line.directive));
    const wanted = [
      'connect-src',
      'img-src',
      'script-src-elem',
      'style-src-elem',
      'frame-src',
      'form-action',
    ];
    return wanted.every((directive) => directives.includes(directive));
  });
});

test('a page without a policy is stopped by the request filter, and each request is logged', async () => {
  const session = await run.page.context().newCDPSession(run.page);
  await session.send('Page.setBypassCSP', { enabled: true });
  await run.page.reload();
  const results = await tryEveryWayOut(tcp.port);
  await settle();
  expect(tcp.heard).toEqual([]);
  expect(results.fetch).not.toBe('loaded');
  expect(results.webSocket).toBe('failed');
  await until('a log line for every kind of request', () => {
    const targets = run.refusals('request').map((line) => String(line.target));
    const wanted = ['/fetch', '/xhr', '/ws', '/events', '/image.png', '/script.js', '/style.css'];
    return wanted.every((path) => targets.some((target) => target.endsWith(path)));
  });
});

test('without policy and filter there is still no connection: Chromium has no way out', async () => {
  await run.app.evaluate(({ session }) => session.defaultSession.webRequest.onBeforeRequest(null));
  const results = await tryEveryWayOut(tcp.port);
  await settle();
  expect(tcp.heard).toEqual([]);
  expect(results.fetch).not.toBe('loaded');
});

test('WebRTC reaches neither a STUN server over UDP nor a TURN server over TCP', async () => {
  const candidates = await run.page.evaluate(
    async ({ udpPort, tcpPort }) => {
      const peer = new RTCPeerConnection({
        iceServers: [
          { urls: `stun:127.0.0.1:${udpPort}` },
          { urls: `turn:127.0.0.1:${tcpPort}?transport=tcp`, username: 'a', credential: 'b' },
          { urls: `turn:127.0.0.1:${udpPort}?transport=udp`, username: 'a', credential: 'b' },
        ],
      });
      const found: string[] = [];
      peer.addEventListener('icecandidate', (event) => found.push(event.candidate?.candidate ?? ''));
      peer.createDataChannel('out');
      await peer.setLocalDescription(await peer.createOffer());
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      peer.close();
      return found;
    },
    { udpPort: udp.port, tcpPort: tcp.port },
  );
  expect(udp.heard).toEqual([]);
  expect(tcp.heard).toEqual([]);
  expect(candidates.filter((candidate) => / typ (srflx|relay)/.test(candidate))).toEqual([]);
});
