import type { ReactNode } from 'react';

/** The fields of a step; Enter in one of them goes on, which is always safe before a confirmation. */
export function StepForm({
  onNext,
  children,
}: {
  readonly onNext: () => void;
  readonly children: ReactNode;
}) {
  return (
    <form
      className="fields"
      onSubmit={(event) => {
        event.preventDefault();
        onNext();
      }}
    >
      {children}
      <input type="submit" hidden />
    </form>
  );
}
