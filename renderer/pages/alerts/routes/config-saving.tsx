import { type ReactNode, useState } from 'react';
import type { ConfigProblem } from '#shared/contract/notify.ts';
import type { AppError, Result } from '#shared/errors/index.ts';
import { SaveFoot } from '../../../components/save-foot.tsx';
import { ConfigProblems } from './config-problems.tsx';

/** What a dialog knows of saving its part of the configuration. */
export type ConfigSaving = {
  /** Why the configuration was refused; the one before is still in force then. */
  readonly problems: readonly ConfigProblem[];
  readonly error: AppError | null;
  /** Waits for the answer; a configuration that was taken is told to `onDone`. */
  readonly run: (work: Promise<Result<readonly ConfigProblem[]>>) => Promise<void>;
};

/** Keeps what came of a dialog's saving. */
export function useConfigSaving(onDone: () => void): ConfigSaving {
  const [problems, setProblems] = useState<readonly ConfigProblem[]>([]);
  const [error, setError] = useState<AppError | null>(null);
  const run: ConfigSaving['run'] = async (work) => {
    const answer = await work;
    setError(answer.ok ? null : answer.error);
    setProblems(answer.ok ? answer.value : []);
    if (answer.ok && answer.value.length === 0) onDone();
  };
  return { problems, error, run };
}

/** The end of such a dialog's form: what was refused, and the buttons. */
export function ConfigDialogFoot({
  saving: { problems, error },
  isComplete = true,
  onClose,
  children,
}: {
  readonly saving: ConfigSaving;
  readonly isComplete?: boolean;
  readonly onClose: () => void;
  /** Stands apart from saving: the button that removes. */
  readonly children?: ReactNode;
}) {
  return (
    <>
      <ConfigProblems problems={problems} />
      <SaveFoot error={error} canSave={isComplete} onClose={onClose}>
        {children}
      </SaveFoot>
    </>
  );
}
