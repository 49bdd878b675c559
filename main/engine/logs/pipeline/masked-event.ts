import type { LogEvent } from '#shared/contract/logs.ts';
import type { StageEvent } from '../stage.ts';
import type { Mask } from './mask.ts';

/** Shorter secrets are replaced in fields only where they are the whole value: they could be part of any word. */
const SHORTEST_PART = 4;

/**
 * Masks a parsed event: its line, its message and its fields. What was hidden in the line is hidden in the fields too,
 * also where a field alone does not show that it is a secret (`user=lin` of a rule of one's own).
 *
 * @returns the same object when nothing was found
 */
export function maskedEvent(mask: Mask, event: StageEvent): StageEvent {
  const spans = mask.spans(event.text);
  const text = spans.length === 0 ? event.text : mask.text(event.text);
  const secrets = new Map<string, string>();
  for (const { rule, start, end } of spans) {
    const secret = event.text.slice(start, end);
    secrets.set(secret, rule);
    // In a JSON line the field's value has no backslashes any more.
    if (secret.includes('\\')) secrets.set(unescaped(secret), rule);
  }
  const known = [...secrets.keys()].filter((secret) => secret !== '').toSorted((a, b) => b.length - a.length);
  const hide = (value: string): string => {
    let out = value;
    for (const secret of known) {
      if (out === secret) return '[masked]';
      if (secret.length >= SHORTEST_PART && out.includes(secret)) out = out.replaceAll(secret, '[masked]');
    }
    return out;
  };
  let changed = text !== event.text;
  const message = hide(mask.text(event.message));
  if (message !== event.message) changed = true;
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(event.fields)) {
    const masked = hide(mask.field(name, value));
    if (masked !== value) changed = true;
    Object.defineProperty(fields, name, {
      value: masked,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return changed ? { ...event, text, message, fields } : event;
}

/** Masks a stored event that leaves the console. */
export function maskLogEvent(mask: Mask, event: LogEvent): LogEvent {
  const { raw, time, level, message, fields, source, host } = event;
  const masked = maskedEvent(mask, { text: raw, time, level, message, fields, source, host, path: '' });
  return {
    ...event,
    raw: masked.text,
    message: masked.message,
    fields: { ...masked.fields },
    tags: event.tags.map(mask.text),
  };
}

function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    // Not a text of JSON: its backslashes are its own.
    return text.replace(/\\(.)/gs, '$1');
  }
}
