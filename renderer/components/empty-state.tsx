import type { ReactNode } from 'react';

export type EmptyStateProps = {
  /** What would be here. */
  readonly title: string;
  readonly body?: string;
  /** The button that makes it so. */
  readonly action?: ReactNode;
};

/** Says what would be here, and gives the button that makes it so. */
export function EmptyState({ title, body, action }: EmptyStateProps) {
  return (
    <div className="empty">
      <strong>{title}</strong>
      {body && <p className="soft">{body}</p>}
      {action}
    </div>
  );
}
