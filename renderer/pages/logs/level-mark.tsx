import type { LogLevel } from '#shared/contract/logs.ts';
import { useTranslation } from '../../locales/use-translation.ts';

/** The shape of a level, told apart without colour: the more severe, the more solid and angular. */
export function LevelShape({ level, size = 11 }: { readonly level: LogLevel; readonly size?: number }) {
  return (
    <svg className={`shape level-${level}`} width={size} height={size} viewBox="0 0 12 12" aria-hidden="true">
      {shapeOf(level)}
    </svg>
  );
}

function shapeOf(level: LogLevel) {
  switch (level) {
    case 'fatal':
      return <path d="M1 1h10v10H1zM3.6 3.6l4.8 4.8M8.4 3.6 3.6 8.4" className="level-cut" />;
    case 'error':
      return <rect x="1.5" y="1.5" width="9" height="9" fill="currentColor" />;
    case 'warn':
      return <path d="M6 1 11.5 11H.5Z" fill="currentColor" />;
    case 'info':
      return <circle cx="6" cy="6" r="4.5" fill="currentColor" />;
    case 'debug':
      return <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.6" />;
    case 'trace':
      return <circle cx="6" cy="6" r="2" fill="currentColor" />;
    case 'unknown':
      return <path d="M2 6h8" stroke="currentColor" strokeWidth="1.8" />;
  }
}

/** A level as shape, colour and word. */
export function LevelMark({ level }: { readonly level: LogLevel }) {
  const { t } = useTranslation();
  return (
    <span className={`badge level-${level}`}>
      <LevelShape level={level} />
      <span>{t(`logs:level.${level}`)}</span>
    </span>
  );
}
