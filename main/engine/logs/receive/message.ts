const LF = 10;
const CR = 13;
const LOOK_AT = 300;
const HEADER =
  /^<\d{1,3}>(?:1 \S{1,64} (\S{1,255}) |(?:[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d+)?|\d{4}-\d\d-\d\dT\S{1,40}) (\S{1,255}) )/;
const HOST = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;
const ESCAPED = /[\n\r\0]/g;

/** Whether a message begins with `<PRI>`, 0…191, as all syslog does. */
export function hasPriority(bytes: Buffer): boolean {
  const match = /^<(\d{1,3})>/.exec(bytes.toString('latin1', 0, 5));
  return match !== null && Number(match[1]) <= 191;
}

/** The host that a message names; null when it names none, or something that cannot be one. */
export function hostOf(bytes: Buffer): string | null {
  const match = HEADER.exec(bytes.toString('latin1', 0, LOOK_AT));
  const host = match?.[1] ?? match?.[2] ?? '';
  // A tag instead of a host (`app:`, `app[12]:`) has other characters, a missing host is `-`.
  return HOST.test(host) && !host.endsWith(':') ? host : null;
}

/** A message as one line of a file: line ends and NULs inside it are written `#012`, `#015`, `#000`, as rsyslog does. */
export function asLine(bytes: Buffer): Buffer {
  if (!bytes.includes(LF) && !bytes.includes(CR) && !bytes.includes(0))
    return Buffer.concat([bytes, Buffer.from('\n')]);
  const text = bytes
    .toString('latin1')
    .replace(ESCAPED, (char) => `#${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
  return Buffer.from(`${text}\n`, 'latin1');
}

/** An address without the prefix that IPv4 has on a socket for both. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}
