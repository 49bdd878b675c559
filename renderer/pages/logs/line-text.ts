/** So much of a message a row holds; a row never holds megabytes of text. */
const MESSAGE_LENGTH = 1_000;
const FIELDS_LENGTH = 400;

/** A text of several lines on one, bounded. */
export function oneLine(text: string, most = MESSAGE_LENGTH): string {
  const bounded = text.length > most ? `${text.slice(0, most)}…` : text;
  return bounded.replace(/\s*\n\s*/g, ' ⏎ ');
}

/** The fields of a line as `name=value`, without those whose value its message tells already. */
export function fieldsBeside(message: string, fields: Readonly<Record<string, string>>): string {
  const told = Object.entries(fields).filter(([, value]) => value !== '' && !message.includes(value));
  return oneLine(told.map(([name, value]) => `${name}=${value}`).join(' '), FIELDS_LENGTH);
}
