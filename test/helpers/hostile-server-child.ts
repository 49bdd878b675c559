import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, Readable, type Writable } from 'node:stream';
import { createGzip } from 'node:zlib';

/** A process of its own, so that what it spends is not the engine's: serves expositions that nobody should read. */

const MIB = 1 << 20;

/** A stream of pieces, made one at a time as the other side takes them. */
function pieces(next: (index: number) => string | null): Readable {
  let index = 0;
  return new Readable({
    read() {
      this.push(next(index++));
    },
  });
}

/** Lines from `first` on, `count` in all, many at a stroke. */
function lines(count: number, line: (index: number) => string): Readable {
  const at = 5_000;
  return pieces((index) => {
    const from = index * at;
    if (from >= count) return null;
    let text = '';
    for (let n = from; n < Math.min(count, from + at); n++) text += line(n);
    return text;
  });
}

const filler = 'x'.repeat(MIB);
const sameLines = 'filler{n="0123456789"} 1\n'.repeat(40_000);
const blankLines = '\n'.repeat(MIB);
const repeated = (head: string, bytes: number, tail: string): Readable =>
  pieces((index) => {
    if (index === 0) return head;
    const left = bytes - (index - 1) * filler.length;
    return left > 0 ? filler : left > -filler.length ? tail : null;
  });

let scrapes = 0;
const answers: Readonly<Record<string, () => Readable>> = {
  '/good': () =>
    Readable.from(['# TYPE good gauge\n', ...Array.from({ length: 50 }, (_, n) => `good{n="${n}"} ${n}\n`)]),
  '/endless': () => pieces(() => sameLines),
  '/line': () => repeated('a{b="', Number.POSITIVE_INFINITY, ''),
  '/label-100-mb': () => repeated('a{b="', 100 * MIB, '"} 1\n'),
  '/label-60-mb': () => repeated('a{b="', 60 * MIB, '"} 1\n'),
  '/name-60-mb': () => repeated('n', 60 * MIB, ' 1\n'),
  '/help-60-mb': () => repeated('# HELP a ', 60 * MIB, '\na 1\n'),
  '/series-10-m': () => lines(10_000_000, (n) => `m{n="${n}"} 1\n`),
  '/series-3-m': () => lines(3_000_000, (n) => `m{n="${n}"} 1\n`),
  '/comments-2-m': () => lines(2_000_000, (n) => `# HELP h${n} text\n`),
  '/blank': () => pieces((index) => (index < 60 ? blankLines : null)),
  '/labels-2-m': () =>
    Readable.from([
      'a{',
      ...Array.from({ length: 400 }, (_, k) =>
        Array.from({ length: 5_000 }, (__, n) => `l${k}_${n}="",`).join(''),
      ),
      '} 1\n',
    ]),
  '/churn': () => {
    scrapes++;
    const first = scrapes * 5_000;
    return lines(5_000, (n) => `churn{id="${first + n}"} 1\n`);
  },
  '/churn-broken': () => {
    scrapes++;
    const first = scrapes * 5_000;
    return lines(5_001, (n) => (n < 5_000 ? `churn{id="${first + n}"} 1\n` : '&\n'));
  },
};

function send(path: string, response: ServerResponse): void {
  if (path === '/drip') {
    const timer = setInterval(() => response.write('#'), 50);
    response.on('close', () => clearInterval(timer));
    return;
  }
  const made = path === '/bomb' ? answers['/endless'] : answers[path];
  if (made === undefined) return void response.writeHead(404).end();
  const ended = (): void => undefined;
  if (path === '/bomb') {
    response.setHeader('content-encoding', 'gzip');
    pipeline(made(), createGzip({ level: 1 }), response as Writable, ended);
  } else pipeline(made(), response as Writable, ended);
}

const server = createServer((request, response) => send(request.url ?? '/', response));
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
// The test may be killed; then nobody is there to end this process.
process.on('disconnect', () => process.exit());
