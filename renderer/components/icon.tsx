import type { ReactNode } from 'react';

/** Line drawings of the frame, on a 16 × 16 grid; always beside a word, so hidden from screen readers. */
const drawings = {
  overview: <path d="M2 2h5v6H2zM9 2h5v3H9zM9 7h5v7H9zM2 10h5v4H2z" />,
  hosts: <path d="M2 2.5h12v4H2zM2 9.5h12v4H2zM4.5 4.5h.01M4.5 11.5h.01M8 4.5h4M8 11.5h4" />,
  metrics: <path d="M2 2v12h12M4.5 10.5l3-4 2.5 2 4-5" />,
  alerts: <path d="M8 1.8 14.5 13.5h-13zM8 6v3.5M8 11.6v.01" />,
  logs: <path d="M2 3h12M2 6.3h8M2 9.6h12M2 13h6" />,
  backups: <path d="M2 4.5h12M3 4.5v9h10v-9M2 2h12v2.5H2zM6 7.5h4" />,
  recovery: <path d="M2.5 8a5.5 5.5 0 1 0 1.7-4M4.5 1.5v2.8h2.8M8 5v3.3l2.2 1.3" />,
  settings: (
    <path d="M2 4h7M12 4h2M2 8h2M7 8h7M2 12h6M11 12h3M9 2.5v3h2.5v-3zM4.5 6.5v3H7v-3zM8.5 10.5v3H11v-3z" />
  ),
  search: <path d="M7 2.2a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 0 1 0-9.6zM10.6 10.6l3.4 3.4" />,
  help: (
    <path d="M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM6 6.3C6 4.9 7 4.3 8 4.3s2 .7 2 1.9c0 1.6-2 1.6-2 3.2M8 11.5v.01" />
  ),
  pause: <path d="M5 3v10M11 3v10" />,
  play: <path d="M4.5 2.5 13 8l-8.5 5.5z" />,
  close: <path d="M3.5 3.5l9 9M12.5 3.5l-9 9" />,
  copy: <path d="M5.5 5.5h8v8h-8zM3 10.5h-.5v-8h8V3" />,
  download: <path d="M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11" />,
  refresh: <path d="M13.5 8A5.5 5.5 0 1 1 11.8 4M11.5 1.5v2.8H8.7" />,
  arrow: <path d="M6 3l5 5-5 5" />,
  eye: (
    <path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4" />
  ),
  eyeOff: <path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM2.5 13.5l11-11" />,
  up: <path d="M3 10l5-5 5 5" />,
  down: <path d="M3 6l5 5 5-5" />,
  back: <path d="M10 3L5 8l5 5" />,
  grip: <path d="M6 3.5h.01M10 3.5h.01M6 8h.01M10 8h.01M6 12.5h.01M10 12.5h.01" strokeWidth="2" />,
  corner: <path d="M14 6l-8 8M14 10.5 10.5 14" />,
  undo: <path d="M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M6 3 2.5 6.5 6 10" />,
  redo: <path d="M13 6.5H6.5a3.5 3.5 0 0 0 0 7H10M10 3l3.5 3.5L10 10" />,
  tune: <path d="M2 4.5h7M13 4.5h1M2 11.5h1M7 11.5h7M9 2.5v4h4v-4zM3 9.5v4h4v-4z" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof drawings;

/** One line drawing in the text's colour. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {drawings[name]}
    </svg>
  );
}
