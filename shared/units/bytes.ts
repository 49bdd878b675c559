const STEPS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Formats a byte count with binary units and three significant digits (`1536` → `1.50 KiB`). */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return '—';
  let value = Math.abs(bytes);
  let step = 0;
  while (value >= 1024 && step < STEPS.length - 1) {
    value /= 1024;
    step += 1;
  }
  const digits = step === 0 ? 0 : value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${bytes < 0 ? '-' : ''}${value.toFixed(digits)} ${STEPS[step]}`;
}

/** Reads a byte count with an optional binary unit (`1.5 MiB`, `20M`, `512`); null when it is none. */
export function parseBytes(text: string): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([KMGTP]?)(?:i?B)?\s*$/i.exec(text);
  if (match === null) return null;
  const step = ['', 'K', 'M', 'G', 'T', 'P'].indexOf((match[2] ?? '').toUpperCase());
  const bytes = Math.round(Number(match[1]) * 1024 ** step);
  return Number.isSafeInteger(bytes) ? bytes : null;
}
