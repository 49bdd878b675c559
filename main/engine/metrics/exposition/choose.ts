import { OpenMetricsParser } from './openmetrics.ts';
import { TextFormatParser } from './text-format.ts';
import type { ExpositionParser } from './types.ts';

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const PARAMETER = new RegExp(`^\\s*${TOKEN}\\s*=\\s*(?:${TOKEN}|"(?:[^"\\\\]|\\\\.)*")\\s*$`);

/** Whether a Content-Type names OpenMetrics; a malformed one, or a parameter given twice, does not, and falls back to the text format. */
export function isOpenMetrics(contentType: string | null): boolean {
  if (contentType === null) return false;
  const [media = '', ...parameters] = contentType.split(';');
  if (media.trim().toLowerCase() !== 'application/openmetrics-text') return false;
  const names = new Set<string>();
  return parameters.every((part, index) => {
    if (part.trim() === '') return index === parameters.length - 1;
    const name = (part.split('=')[0] ?? '').trim().toLowerCase();
    const isNew = !names.has(name);
    names.add(name);
    return isNew && PARAMETER.test(part);
  });
}

/** The parser for a body of this Content-Type, as Prometheus 2.42 chooses it. */
export function chooseParser(body: Uint8Array, contentType: string | null): ExpositionParser {
  return isOpenMetrics(contentType) ? new OpenMetricsParser(body) : new TextFormatParser(body);
}
