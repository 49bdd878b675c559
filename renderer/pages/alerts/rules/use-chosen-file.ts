import { useState } from 'react';
import type { AppError } from '#shared/errors/index.ts';
import { shell } from '../../../app/shell.ts';

/** A text file that the operator chose in the system's dialog. */
export function useChosenFile(title: string) {
  const [file, setFile] = useState<{ readonly name: string; readonly text: string } | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const choose = async (): Promise<void> => {
    const answer = await shell()?.chooseFile({ title, extensions: ['yml', 'yaml'] });
    if (!answer?.ok) return setError(answer?.error ?? null);
    setError(null);
    if (answer.value !== null) setFile({ name: answer.value.name, text: answer.value.text });
  };
  return { file, error, choose };
}
