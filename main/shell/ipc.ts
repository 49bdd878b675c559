import { type BrowserWindow, type IpcMainEvent, type IpcMainInvokeEvent, ipcMain } from 'electron';
import * as z from 'zod';
import {
  policyViolationSchema,
  type ShellEvent,
  type ShellEventName,
  type ShellOutput,
  type ShellParams,
  type ShellRequestName,
  shellRequests,
} from '#shared/contract/shell.ts';
import { shellChannel, shellEventChannel, violationChannel } from '#shared/contract/shell-channels.ts';
import { appError, describeThrown, err, type Result } from '#shared/errors/index.ts';
import type { Logger } from '../engine/platform/logger.ts';
import type { Refuse } from './refusals.ts';
import { isTrusted, type Sender } from './trusted-sender.ts';

/**
 * The only file of Electron main that touches `ipcMain`: every call of the window passes here, or not at all.
 */

/** Answers one request of the window; expected failures are values. */
export type ShellHandlers = {
  readonly [N in ShellRequestName]: (
    params: ShellParams<N>,
  ) => Result<ShellOutput<N>> | Promise<Result<ShellOutput<N>>>;
};

/** A window that may call, and what its page may call. */
export type Caller = { readonly window: BrowserWindow; readonly handlers: Partial<ShellHandlers> };

/** What the registrar needs. */
export type RegistrarOptions = {
  /** The windows whose pages may call, at this moment. */
  readonly callers: () => readonly Caller[];
  readonly refuse: Refuse;
  readonly log: Logger;
};

type AnyHandler = (params: unknown) => Result<unknown> | Promise<Result<unknown>>;

const methodSchema = z.string().max(100);

/**
 * Answers the window's calls. A call from elsewhere, an unknown method or a malformed payload is *rejected* and
 * logged: none of them can come from a page that works as it should.
 */
export function serveShell({ callers, refuse, log }: RegistrarOptions): void {
  ipcMain.handle(shellChannel, async (event, rawMethod: unknown, input: unknown) => {
    const method = methodSchema.safeParse(rawMethod);
    const name = method.success ? method.data : typeof rawMethod;
    const caller = callerOf(event, callers());
    const sender = describeSender(event, caller);
    if (!isTrusted(sender)) {
      refuse('ipc-sender', name, { url: sender.url, mainFrame: sender.mainFrame });
      throw new Error('refused: not a sender of the console');
    }
    const handler = caller !== null && isRequest(name) ? caller.handlers[name] : undefined;
    if (!isRequest(name) || handler === undefined) {
      refuse('ipc-method', name);
      throw new Error(`refused: no method ${name.slice(0, 100)}`);
    }
    const params = shellRequests[name].input.safeParse(input);
    if (!params.success) {
      const why = z.prettifyError(params.error).slice(0, 500);
      refuse('ipc-payload', name, { why });
      throw new Error(`refused: ${name}: ${why}`);
    }
    // The parameters were parsed by this very method's schema just above.
    return run(name, handler as AnyHandler, params.data);
  });

  ipcMain.on(violationChannel, (event, raw: unknown) => {
    const sender = describeSender(event, callerOf(event, callers()));
    const violation = policyViolationSchema.safeParse(raw);
    if (!isTrusted(sender)) refuse('ipc-sender', violationChannel, { url: sender.url });
    else if (!violation.success) refuse('ipc-payload', violationChannel);
    else refuse('policy', violation.data.blocked, { directive: violation.data.directive });
  });

  const run = async (
    name: ShellRequestName,
    handler: AnyHandler,
    params: unknown,
  ): Promise<Result<unknown>> => {
    try {
      return await handler(params);
    } catch (thrown) {
      log.log('error', 'a shell request failed unexpectedly', { method: name, why: describeThrown(thrown) });
      return err(appError('INTERNAL', { what: describeThrown(thrown) }));
    }
  };
}

/** Logs messages on channels that nobody listens to. To be called for every window that is made. */
export function refuseOtherChannels(window: BrowserWindow, refuse: Refuse): void {
  window.webContents.on('ipc-message', (_event, channel) => {
    if (channel !== violationChannel) refuse('ipc-channel', channel);
  });
  window.webContents.on('ipc-message-sync', (event, channel) => {
    // Without an answer the page would wait for ever.
    event.returnValue = null;
    refuse('ipc-channel', channel, { sync: true });
  });
}

/** Tells the window something; a window without a page hears nothing. */
export function tellWindow<N extends ShellEventName>(
  window: BrowserWindow | null,
  name: N,
  payload: ShellEvent<N>,
): void {
  if (window === null || window.isDestroyed()) return;
  window.webContents.send(shellEventChannel(name), payload);
}

function isRequest(name: string): name is ShellRequestName {
  return Object.hasOwn(shellRequests, name);
}

function callerOf(event: IpcMainInvokeEvent | IpcMainEvent, callers: readonly Caller[]): Caller | null {
  return callers.find(({ window }) => !window.isDestroyed() && window.webContents === event.sender) ?? null;
}

function describeSender(event: IpcMainInvokeEvent | IpcMainEvent, caller: Caller | null): Sender {
  const frame = event.senderFrame;
  return {
    ownWindow: caller !== null,
    mainFrame: frame !== null && frame !== undefined && frame.parent === null,
    origin: frame?.origin ?? '',
    url: frame?.url ?? '',
  };
}
