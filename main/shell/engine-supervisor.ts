import type { EngineState, RestartReason } from '#shared/contract/shell.ts';
import { engineProcessMessageSchema, type SupervisorMessage } from '#shared/contract/supervision.ts';
import type { Clock } from '../engine/platform/clock.ts';
import type { Logger } from '../engine/platform/logger.ts';
import type { CancelTimer, Timers } from '../engine/platform/timers.ts';
import { judgePulse, LOOK_EVERY_MS, planRestart } from './restart-policy.ts';

/** One engine process, as far as the supervisor needs it. `Port` is a MessagePort of the platform. */
export type EngineProcess<Port> = {
  readonly send: (message: SupervisorMessage, port?: Port) => void;
  /** Ends the process at once, even when it does not listen any more. */
  readonly kill: () => void;
  readonly onMessage: (listener: (message: unknown) => void) => void;
  /** Hears once when the process is gone. */
  readonly onExit: (listener: (code: number) => void) => void;
};

/** What the supervisor works with. */
export type SupervisorOptions<Port> = {
  readonly fork: () => EngineProcess<Port>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  readonly onState: (state: EngineState) => void;
  /** What the desktop's key store gives, as base64, or null; asked for every engine that is ready. */
  readonly keyStore?: () => string | null;
};

/** Keeps one engine running. */
export type EngineSupervisor<Port> = {
  readonly state: () => EngineState;
  readonly start: () => void;
  /**
   * Gives the engine a client's port; an engine that is still starting serves it as soon as it can. False when there
   * is no engine process; ask again at the next `starting`.
   */
  readonly connect: (port: Port) => boolean;
  /** Ends the engine in order and starts it again at once; also the way out of `refused`. */
  readonly restart: () => void;
  /** Ends the engine in order, by force after 10 s, and starts it no more. */
  readonly stop: () => Promise<void>;
  /** Tells that the machine goes to sleep, or woke up: silence of the engine says nothing then. */
  readonly rest: (asleep: boolean) => void;
};

/** How long an engine may take to end in order. */
const STOP_MS = 10_000;

/**
 * Supervises the engine: starts it again with back-off when it ends unasked, kills it when it hangs, and leaves it
 * alone when it refuses its data folder, because starting it again would not help.
 */
export function createEngineSupervisor<Port>(options: SupervisorOptions<Port>): EngineSupervisor<Port> {
  const { clock, timers, log } = options;
  let state: EngineState = { state: 'starting' };
  let current: EngineProcess<Port> | null = null;
  let attempt = 0;
  let readyAt: number | null = null;
  let heard = false;
  let lastHeard = 0;
  let lastLook = 0;
  let asleep = false;
  /** Why the running process is being ended by us; null when it ends by itself. */
  let ending: RestartReason | 'refused' | 'stopped' | null = null;
  let cancelRestart: CancelTimer | null = null;
  let cancelLooks: CancelTimer | null = null;
  let cancelKill: CancelTimer | null = null;
  const stopped: (() => void)[] = [];

  const enter = (next: EngineState): void => {
    state = next;
    log.log(next.state === 'refused' ? 'error' : 'info', 'engine', next);
    options.onState(next);
  };

  const launch = (): void => {
    cancelRestart?.();
    cancelRestart = null;
    ending = null;
    readyAt = null;
    heard = false;
    lastHeard = lastLook = clock.monotonic();
    const process = options.fork();
    current = process;
    process.onMessage((message) => {
      if (process === current) hear(message);
    });
    process.onExit((code) => {
      if (process === current) ended(code);
    });
    cancelLooks ??= timers.every(LOOK_EVERY_MS, look);
    enter({ state: 'starting' });
  };

  const hear = (raw: unknown): void => {
    const parsed = engineProcessMessageSchema.safeParse(raw);
    if (!parsed.success) {
      log.log('warn', 'the engine said something unknown');
      return;
    }
    heard = true;
    lastHeard = clock.monotonic();
    const message = parsed.data;
    // An engine that is being ended may still say things; they are of no consequence any more.
    if (ending !== null) return;
    if (message.kind === 'ready') {
      readyAt = lastHeard;
      if (options.keyStore !== undefined) current?.send({ kind: 'keyStore', key: options.keyStore() });
      enter({ state: 'running', pid: message.pid, since: clock.now() });
    } else if (message.kind === 'refused') {
      ending = 'refused';
      enter({ state: 'refused', error: message.error });
    }
  };

  const look = (): void => {
    const now = clock.monotonic();
    const verdict = asleep ? 'slept' : judgePulse({ now, lastLook, lastHeard, heard });
    lastLook = now;
    if (verdict === 'slept') lastHeard = now;
    if (verdict === 'hung' && current !== null && ending === null) {
      log.log('error', 'the engine is silent and is killed', { silentMs: now - lastHeard });
      ending = 'hung';
      current.kill();
    }
  };

  const ended = (code: number): void => {
    const why = ending;
    current = null;
    cancelKill?.();
    cancelKill = null;
    cancelLooks?.();
    cancelLooks = null;
    log.log(why === null || why === 'hung' ? 'error' : 'info', 'the engine process ended', { code, why });
    if (why === 'stopped') {
      for (const resolve of stopped.splice(0)) resolve();
    } else if (why === 'asked') {
      attempt = 0;
      launch();
    } else if (why !== 'refused') {
      const plan = planRestart(attempt, readyAt === null ? 0 : clock.monotonic() - readyAt);
      attempt = plan.attempt;
      enter({ state: 'restarting', ...plan, reason: why ?? 'ended' });
      cancelRestart = timers.after(plan.inMs, launch);
    }
  };

  /** Asks the process to end, and makes it end when it does not. */
  const end = (why: 'asked' | 'stopped'): void => {
    ending = why;
    current?.send({ kind: 'stop' });
    cancelKill ??= timers.after(STOP_MS, () => {
      log.log('error', 'the engine did not end in time and is killed');
      current?.kill();
    });
  };

  return {
    state: () => state,
    start: launch,
    connect: (port) => {
      if (current === null || ending !== null) return false;
      current.send({ kind: 'connect' }, port);
      return true;
    },
    restart: () => {
      if (state.state === 'stopped') return;
      if (current === null) {
        attempt = 0;
        launch();
        return;
      }
      enter({ state: 'restarting', attempt: 1, inMs: 0, reason: 'asked' });
      end('asked');
    },
    stop: () => {
      cancelRestart?.();
      cancelRestart = null;
      enter({ state: 'stopped' });
      if (current === null) return Promise.resolve();
      end('stopped');
      return new Promise((resolve) => stopped.push(resolve));
    },
    rest: (sleeping) => {
      asleep = sleeping;
      lastHeard = clock.monotonic();
    },
  };
}
