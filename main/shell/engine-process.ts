import { type MessagePortMain, utilityProcess } from 'electron';
import { describeThrown } from '#shared/errors/index.ts';
import type { Logger } from '../engine/platform/logger.ts';
import type { EngineProcess } from './engine-supervisor.ts';

/** Longest piece of the engine's own words that goes into one line of the log. */
const WORDS_LENGTH = 4_000;

/**
 * V8's room for new objects in MiB of each half, from the beginning as much as `hmtt serve` has (`platform/young-generation.ts`).
 * Growing there from one mebibyte, V8 stops the engine eight times while it starts, and each stop waits for helper threads that two
 * busy processors do not have. The engine takes the switches back for the threads that it makes (`launch.ts`).
 */
const V8_SWITCHES = '--js-flags=--min-semi-space-size=16 --max-semi-space-size=16';

/**
 * Starts the site engine as a utility process of Electron.
 *
 * @param entry the built `launch.cjs`
 * @param dataDir the data folder it serves
 * @param launched hears when the process exists, long before it is ready
 */
export function forkEngine(
  entry: string,
  dataDir: string,
  log: Logger,
  launched: () => void,
): EngineProcess<MessagePortMain> {
  const child = utilityProcess.fork(entry, ['--data', dataDir], {
    serviceName: 'hmtt-engine',
    execArgv: [V8_SWITCHES],
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.once('spawn', launched);
  const report = (severity: 'info' | 'warn', words: Buffer): void => {
    for (const line of words.toString('utf8').split('\n')) {
      if (line.trim() !== '') log.log(severity, 'engine output', { line: line.slice(0, WORDS_LENGTH) });
    }
  };
  child.stdout?.on('data', (words: Buffer) => report('info', words));
  child.stderr?.on('data', (words: Buffer) => report('warn', words));
  return {
    send: (message, port) => child.postMessage(message, port === undefined ? [] : [port]),
    kill: () => {
      if (child.pid === undefined) return;
      try {
        // The utility process's own `kill` asks politely, which a hanging engine does not hear.
        process.kill(child.pid, 'SIGKILL');
      } catch (thrown) {
        // It ended by itself in this very moment; its `exit` event says so.
        log.log('info', 'the engine could not be killed', { why: describeThrown(thrown) });
      }
    },
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.once('exit', listener),
  };
}
