import { type App, app, type Session, type WebContents } from 'electron';
import { isOwnAddress } from './content-policy.ts';
import type { Refuse } from './refusals.ts';

/** What the renderer may load at all. */
export type LockOptions = {
  readonly refuse: Refuse;
  /** Developer tools load their own pages; only an unpackaged app has them. */
  readonly allowDevTools: boolean;
};

/**
 * Switches that keep Chromium itself from speaking to anybody: no host name resolves for it, and every connection
 * goes to a proxy that does not exist. The latter also stops WebRTC, which neither the page's policy nor the request
 * filter sees. The engine is not concerned; it polls from a Node process of its own. Must run before the app is ready.
 */
export function silenceChromium(target: App): void {
  // Chromium refuses its sandbox to root and must have been started without it then; every page still asks for it.
  if (!target.commandLine.hasSwitch('no-sandbox')) target.enableSandbox();
  const switches = [
    'disable-background-networking',
    'disable-component-update',
    'disable-domain-reliability',
    'disable-sync',
    'no-pings',
  ];
  for (const name of switches) target.commandLine.appendSwitch(name);
  target.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  target.commandLine.appendSwitch('proxy-server', 'http://nobody.invalid:9');
  // Otherwise loopback would be reached without the proxy.
  target.commandLine.appendSwitch('proxy-bypass-list', '<-loopback>');
}

/**
 * Denies everything that a page could use to leave the app or to bring something in, for every session and page that
 * there will ever be. Every refusal is logged. Must run before the app is ready, when there is neither.
 */
export function lockDown({ refuse, allowDevTools }: LockOptions): void {
  app.on('session-created', (session) => lockSession(session, refuse, allowDevTools));
  app.on('web-contents-created', (_event, contents) => lockContents(contents, refuse));
  app.on('certificate-error', (event, _contents, url, error, _certificate, callback) => {
    event.preventDefault();
    refuse('certificate', url, { error });
    callback(false);
  });
  app.on('select-client-certificate', (event, _contents, url, _list, callback) => {
    event.preventDefault();
    refuse('certificate', url);
    callback();
  });
  app.on('login', (event, _contents, details) => {
    event.preventDefault();
    refuse('login', details.url);
  });
}

/** Permissions, devices, downloads and requests of the session. */
function lockSession(session: Session, refuse: Refuse, allowDevTools: boolean): void {
  session.setPermissionRequestHandler((_contents, permission, callback) => {
    refuse('permission', permission);
    callback(false);
  });
  session.setPermissionCheckHandler((_contents, permission) => {
    refuse('permission', permission, { check: true });
    return false;
  });
  session.setDevicePermissionHandler((details) => {
    refuse('device', details.deviceType);
    return false;
  });
  session.setBluetoothPairingHandler((details, callback) => {
    refuse('device', `bluetooth ${details.pairingKind}`);
    callback({ confirmed: false });
  });
  session.setDisplayMediaRequestHandler((_request, callback) => {
    refuse('device', 'screen');
    // The documented way to deny is an answer without a stream.
    callback({});
  });
  for (const kind of ['hid', 'serial', 'usb'] as const) denyDevices(session, kind, refuse);
  session.on('will-download', (event, item) => {
    event.preventDefault();
    refuse('download', item.getURL());
  });
  session.webRequest.onBeforeRequest((details, callback) => {
    const own = isOwnAddress(details.url) || (allowDevTools && new URL(details.url).protocol === 'devtools:');
    if (!own) refuse('request', details.url, { type: details.resourceType });
    callback({ cancel: !own });
  });
  session.setSpellCheckerEnabled(false);
}

function denyDevices(session: Session, kind: 'hid' | 'serial' | 'usb', refuse: Refuse): void {
  if (kind === 'serial') {
    session.on('select-serial-port', (event, _ports, _contents, callback) => {
      event.preventDefault();
      refuse('device', kind);
      callback('');
    });
    return;
  }
  const deny = (event: Electron.Event, callback: (id?: string) => void): void => {
    event.preventDefault();
    refuse('device', kind);
    callback();
  };
  if (kind === 'hid') {
    session.on('select-hid-device', (event, _details, callback) => deny(event, () => callback()));
  } else {
    session.on('select-usb-device', (event, _details, callback) => deny(event, () => callback()));
  }
}

/** Navigation, windows and embedded contents of one page. */
function lockContents(contents: WebContents, refuse: Refuse): void {
  contents.on('will-navigate', (event) => {
    // Loading the same page again is the one navigation that leads nowhere else.
    if (event.url === contents.getURL() && isOwnAddress(event.url)) return;
    event.preventDefault();
    refuse('navigation', event.url);
  });
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame) return;
    event.preventDefault();
    refuse('navigation', event.url, { frame: true });
  });
  contents.on('will-redirect', (event) => {
    event.preventDefault();
    refuse('redirect', event.url);
  });
  contents.setWindowOpenHandler(({ url }) => {
    refuse('new-window', url);
    return { action: 'deny' };
  });
  contents.on('will-attach-webview', (event, _preferences, params) => {
    event.preventDefault();
    refuse('webview', params.src ?? '');
  });
  contents.on('select-bluetooth-device', (event, _devices, callback) => {
    event.preventDefault();
    refuse('device', 'bluetooth');
    callback('');
  });
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}
