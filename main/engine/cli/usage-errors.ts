import type { Command, CommanderError } from 'commander';
import { type AppError, appError } from '#shared/errors/index.ts';

/** Wrong usage: what was wrong, in the form of all other errors of the command. */
export class WrongUsage extends Error {
  readonly error: AppError;

  constructor(error: AppError) {
    super(error.code);
    this.error = error;
  }
}

/** Lets a command and all below it end with WrongUsage in place of sentences of the library. Call it when all are there. */
export function withUsageErrors(command: Command): void {
  command.configureOutput({ outputError: () => undefined });
  command.exitOverride((thrown) => {
    throw thrown.exitCode === 0 || thrown.code === 'commander.help'
      ? thrown
      : new WrongUsage(usageError(thrown, pathOf(command)));
  });
  for (const child of command.commands) withUsageErrors(child);
}

/**
 * What the library found, as an error with a code, in both languages.
 *
 * @param command how the command is called, such as `hmtt logs search`
 */
export function usageError({ code, message }: CommanderError, command: string): AppError {
  // The library quotes what it means: unknown option '--limti', argument missing of '--to <dir>'.
  const what = /'([^']*)'/.exec(message)?.[1] ?? '';
  const facts = { what, command };
  switch (code) {
    case 'commander.unknownCommand':
      return appError('USAGE_UNKNOWN_COMMAND', facts);
    case 'commander.unknownOption':
      return appError('USAGE_UNKNOWN_OPTION', facts);
    case 'commander.missingArgument':
      return appError('USAGE_ARGUMENT_MISSING', facts);
    case 'commander.missingMandatoryOptionValue':
      return appError('USAGE_OPTION_MISSING', facts);
    case 'commander.optionMissingArgument':
      return appError('USAGE_VALUE_MISSING', facts);
    case 'commander.excessArguments':
      return appError('USAGE_TOO_MANY', facts);
    default:
      return appError('USAGE_WRONG', { why: message.replace(/^error: /, ''), command });
  }
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
