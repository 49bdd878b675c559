import { type AppError, appError, describeThrown } from '#shared/errors/index.ts';
import { parseTime } from '#shared/units/time.ts';
import { createOutput, type Output } from './output.ts';
import { CommandFailure, EXIT, openSession, type Session } from './session.ts';

/** What every command of the command line may use. */
export type CommandContext = {
  readonly stdout: (text: string) => void;
  readonly dataDir: () => string;
  /** Wraps a command's work: its failures become `error[CODE]`, a hint, and the exit code. */
  readonly action: <A extends readonly unknown[]>(
    work: (output: Output, ...args: A) => Promise<void>,
  ) => (...args: A) => Promise<void>;
  /** @param threadsAhead tasks that the command is going to need one after another; threads are made while the folder is opened */
  readonly withSession: (
    output: Output,
    work: (session: Session) => Promise<void>,
    threadsAhead?: readonly string[],
  ) => Promise<void>;
  /** Reads a time option; not a time ends the command with exit code 2. */
  readonly time: (option: string, text: string) => number;
};

/** The global options, read when a command runs. */
export type GlobalOptions = () => {
  readonly data: string;
  readonly json: boolean;
  readonly locale: 'zh' | 'en';
};

/** Makes the context over the process. */
export function createContext(
  globals: GlobalOptions,
  stdout: (text: string) => void,
  stderr: (text: string) => void,
  setExit: (code: number) => void,
): CommandContext {
  const newOutput = (): Output => createOutput(globals(), stdout, stderr);
  return {
    stdout,
    dataDir: () => globals().data,
    action:
      (work) =>
      async (...args) => {
        const output = newOutput();
        try {
          await work(output, ...args);
        } catch (thrown) {
          const failure = thrown instanceof CommandFailure ? thrown : new CommandFailure(internal(thrown));
          output.error(failure.error);
          setExit(failure.code);
        }
      },
    withSession: async (output, work, threadsAhead) => {
      const session = await openSession(globals().data, output, threadsAhead);
      try {
        await work(session);
      } finally {
        await session.close();
      }
    },
    time: (option, text) => {
      const parsed = parseTime(text, Date.now());
      if (parsed === null) {
        throw new CommandFailure(
          appError('BAD_INPUT', { method: option, field: option, why: `not a time: ${text}` }),
          EXIT.usage,
        );
      }
      return parsed;
    },
  };
}

function internal(thrown: unknown): AppError {
  return appError('INTERNAL', { what: describeThrown(thrown) });
}
