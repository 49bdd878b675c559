/** How far ahead a clock was: `+90.0 s`, `−1.5 s`. */
export function offsetText(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${(Math.abs(ms) / 1000).toFixed(1)} s`;
}
