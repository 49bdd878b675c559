import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConsoleRun, launchConsole, until } from '../helpers/electron.ts';

/** What a page can try inside its own window: leave it, open another, get at devices, run what is not ours. */

let run: ConsoleRun;
let address: string;

beforeAll(async () => {
  run = await launchConsole();
  address = run.page.url();
});

afterAll(async () => {
  await run?.close();
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('the page has no Node, no Electron, and exactly the named methods of the shell', async () => {
  const found = await run.page.evaluate(() => ({
    node: ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in globalThis),
    methods: Object.keys(window.shell ?? {}).sort(),
  }));
  expect(found.node).toEqual([]);
  expect(found.methods).toEqual(
    [
      'chooseFile',
      'chooseFolder',
      'choosePath',
      'copyText',
      'documentReady',
      'getEnvironment',
      'onEngineState',
      'onNavigate',
      'onThemeChanged',
      'openTraining',
      'printToPdf',
      'quitCompletely',
      'requestEnginePort',
      'restartEngine',
      'saveFile',
      'savePdf',
      'setLanguage',
      'setTheme',
      'setWall',
      'takeScreen',
    ].sort(),
  );
});

test('the window runs sandboxed and isolated', async () => {
  const preferences = await run.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    // Not in Electron's types, but there since its early days for exactly this purpose.
    const { getLastWebPreferences } = contents as unknown as {
      readonly getLastWebPreferences?: () => Record<string, unknown>;
    };
    return getLastWebPreferences?.call(contents) ?? null;
  });
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
  });
});

test.each([
  ['another site', 'http://127.0.0.1:9/'],
  ['a file', 'file:///etc/passwd'],
  ['a data page', 'data:text/html,<p>hello'],
  ['another host of the own scheme', 'app://elsewhere/'],
  ['another address of the app as a page of its own', 'app://console/hosts/x'],
])('navigation to %s is refused and logged', async (_what, target) => {
  await run.page.evaluate((to) => {
    location.href = to;
  }, target);
  await until(`a log line about ${target}`, () =>
    // Chromium itself refuses some of these before Electron is asked; then its message is in the log.
    run
      .log()
      .some(
        (line) =>
          (line.message === 'refused' && line.kind === 'navigation' && line.target === target) ||
          (line.message === 'page message' && String(line.text).includes(target.slice(0, 20))),
      ),
  );
  expect(run.page.url()).toBe(address);
  expect(await run.page.evaluate(() => document.readyState)).toBe('complete');
});

test('addresses inside the app change without a navigation', async () => {
  await run.page.evaluate(() => history.pushState(null, '', '/hosts/db-1.site'));
  expect(run.page.url()).toBe('app://console/hosts/db-1.site');
  await run.page.evaluate(() => history.back());
  await until('back', () => run.page.url() === address);
});

test.each(['http://127.0.0.1:9/', 'app://console/', 'about:blank'])(
  'a new window with %s is refused and logged',
  async (target) => {
    const opened = await run.page.evaluate((to) => window.open(to) !== null, target);
    expect(opened).toBe(false);
    await until('a log line', () => run.refusals('new-window').some((line) => line.target === target));
    expect(run.app.windows()).toHaveLength(1);
  },
);

test('a webview is an unknown element', async () => {
  await run.page.evaluate(() => {
    const view = document.createElement('webview');
    view.setAttribute('src', 'app://console/');
    document.body.append(view);
  });
  await pause(300);
  const contents = await run.app.evaluate(({ webContents }) => webContents.getAllWebContents().length);
  expect(contents).toBe(1);
});

test('permissions are refused and logged', async () => {
  const results = await run.page.evaluate(async () => {
    const said = (thrown: unknown): string => (thrown instanceof Error ? thrown.name : String(thrown));
    return {
      geolocation: await new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve('granted'),
          (error) => resolve(error.code === error.PERMISSION_DENIED ? 'denied' : 'failed'),
        ),
      ),
      notifications: await Notification.requestPermission(),
      camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'granted', said),
      screen: await navigator.mediaDevices.getDisplayMedia().then(() => 'granted', said),
      clipboard: await navigator.clipboard.readText().then(() => 'granted', said),
      midi: await navigator.requestMIDIAccess({ sysex: true }).then(() => 'granted', said),
    };
  });
  expect(results.geolocation).toBe('denied');
  expect(results.notifications).toBe('denied');
  for (const result of [results.camera, results.screen, results.clipboard, results.midi]) {
    expect(['NotAllowedError', 'NotFoundError', 'SecurityError', 'NotSupportedError']).toContain(result);
  }
  const logged = run.refusals('permission').map((line) => line.target);
  expect(logged).toContain('geolocation');
  expect(logged).toContain('notifications');
});

test('devices are refused', async () => {
  const results = await run.page.evaluate(async () => {
    type Asker = {
      readonly requestDevice?: (o: unknown) => Promise<unknown>;
      readonly requestPort?: () => Promise<unknown>;
    };
    const { hid, usb, serial, bluetooth } = navigator as unknown as Record<string, Asker | undefined>;
    const said = (thrown: unknown): string => (thrown instanceof Error ? thrown.name : String(thrown));
    const outcome = (answer: Promise<unknown> | undefined): Promise<string> =>
      answer === undefined
        ? Promise.resolve('missing')
        : answer.then((value) => (Array.isArray(value) && value.length === 0 ? 'none' : 'granted'), said);
    return {
      hid: await outcome(hid?.requestDevice?.({ filters: [] })),
      usb: await outcome(usb?.requestDevice?.({ filters: [] })),
      serial: await outcome(serial?.requestPort?.()),
      bluetooth: await outcome(bluetooth?.requestDevice?.({ acceptAllDevices: true })),
    };
  });
  expect(Object.values(results)).not.toContain('granted');
});

test('downloads are refused and logged', async () => {
  await run.page.evaluate(() => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['secret']));
    link.download = 'secret.txt';
    document.body.append(link);
    link.click();
  });
  await until('a log line', () => run.refusals('download').length > 0);
});

test('neither eval nor inline scripts nor foreign styles run, and each is logged', async () => {
  const results = await run.page.evaluate(async () => {
    // Inside a timer, because evaluation by the test's own tool is exempt from the policy.
    const evaluated = await new Promise((resolve) =>
      setTimeout(() => {
        try {
          // biome-ignore lint/security/noGlobalEval: this is the attempt that must fail.
          resolve(eval('1 + 1'));
        } catch (thrown) {
          resolve(thrown instanceof Error ? thrown.name : 'thrown');
        }
      }),
    );
    const script = document.createElement('script');
    script.textContent = 'globalThis.inlineRan = true';
    document.body.append(script);
    const handler = document.createElement('div');
    handler.setAttribute('onclick', 'globalThis.handlerRan = true');
    document.body.append(handler);
    handler.click();
    const style = document.createElement('style');
    style.textContent = 'body { --foreign: 1 }';
    document.head.append(style);
    const body = getComputedStyle(document.body);
    return {
      evaluated,
      inline: 'inlineRan' in globalThis,
      handler: 'handlerRan' in globalThis,
      foreignStyle: body.getPropertyValue('--foreign'),
    };
  });
  expect(results).toEqual({
    evaluated: 'EvalError',
    inline: false,
    handler: false,
    foreignStyle: '',
  });
  await until('a log line for each', () => {
    const directives = run.refusals('policy').map((line) => `${line.directive} ${line.target}`);
    return [
      'script-src eval',
      'script-src-elem inline',
      'script-src-attr inline',
      'style-src-elem inline',
    ].every((wanted) => directives.includes(wanted));
  });
});

test('certificate errors and logins are refused and logged', async () => {
  const outcome = await run.app.evaluate(({ app, BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    const prevented: string[] = [];
    const event = (name: string) => ({ preventDefault: () => prevented.push(name) });
    let trusted: boolean | null = null;
    const trust = (answer: boolean): void => {
      trusted = answer;
    };
    const url = 'https://127.0.0.1:9/';
    app.emit('certificate-error', event('certificate'), contents, url, 'net::ERR_CERT', {}, trust);
    app.emit('login', event('login'), contents, { url });
    app.emit('select-client-certificate', event('client'), contents, url, [], () => undefined);
    return { prevented, trusted };
  });
  expect(outcome).toEqual({ prevented: ['certificate', 'login', 'client'], trusted: false });
  expect(run.refusals('certificate')).toHaveLength(2);
  expect(run.refusals('login')).toHaveLength(1);
});

test('files outside the interface are not served', async () => {
  const statuses = await run.app.evaluate(async ({ net }) => {
    const paths = [
      '..%2f..%2fpackage.json',
      '%2e%2e/%2e%2e/package.json',
      '..%5c..%5cpackage.json',
      'missing.js',
    ];
    const found: Record<string, number> = {};
    for (const path of paths) found[path] = (await net.fetch(`app://console/${path}`)).status;
    found.document = (await net.fetch('app://console/hosts/x')).status;
    return found;
  });
  expect(statuses).toEqual({
    '..%2f..%2fpackage.json': 403,
    // The address is normalised before it is asked for, so this one names a file that is not there.
    '%2e%2e/%2e%2e/package.json': 404,
    '..%5c..%5cpackage.json': 403,
    'missing.js': 404,
    document: 200,
  });
});
