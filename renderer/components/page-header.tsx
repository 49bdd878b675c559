import type { ReactNode } from 'react';

export type PageHeaderProps = {
  readonly title: ReactNode;
  /** One line under the title: the state of what the page shows. */
  readonly summary?: ReactNode;
  /** Buttons on the right. */
  readonly actions?: ReactNode;
};

/** The head of a page: its one h1, a line of summary, its buttons. */
export function PageHeader({ title, summary, actions }: PageHeaderProps) {
  return (
    <header className="page-header">
      <div>
        <h1>{title}</h1>
        {summary && <div className="page-summary">{summary}</div>}
      </div>
      {actions && <div className="page-actions">{actions}</div>}
    </header>
  );
}

/** A titled part of a page, with a border of its own. */
export function Panel({
  title,
  extra,
  children,
  className,
  id,
}: {
  readonly title?: ReactNode;
  readonly extra?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
  /** For links to this part of a page. */
  readonly id?: string;
}) {
  return (
    <section id={id} className={`panel${className ? ` ${className}` : ''}`}>
      {(title || extra) && (
        <div className="panel-head">
          <h2>{title}</h2>
          {extra && <div className="panel-extra">{extra}</div>}
        </div>
      )}
      {children}
    </section>
  );
}
