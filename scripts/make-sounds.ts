/**
 * Makes the sounds of notices, `renderer/sounds/*.wav`: made, not recorded, so that nobody owns them and anybody can make
 * them again. Run with `node scripts/make-sounds.ts`; the files are checked in.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from './lib/paths.ts';

const RATE = 22_050;

/** One tone: hertz, when it begins and how long it lasts (seconds), how loud from 0 to 1. */
type Tone = { readonly hertz: number; readonly at: number; readonly lasts: number; readonly level: number };

/** The critical one is three rising pairs between 800 Hz and 1.2 kHz, where ears are sharp and small speakers loud. */
const SOUNDS: Readonly<Record<string, readonly Tone[]>> = {
  notice: [{ hertz: 660, at: 0, lasts: 0.35, level: 0.5 }],
  warning: [
    { hertz: 740, at: 0, lasts: 0.25, level: 0.7 },
    { hertz: 554, at: 0.22, lasts: 0.4, level: 0.7 },
  ],
  critical: [0, 0.55, 1.1].flatMap((at) => [
    { hertz: 880, at, lasts: 0.22, level: 0.95 },
    { hertz: 1_175, at: at + 0.2, lasts: 0.28, level: 0.95 },
  ]),
};

function samples(tones: readonly Tone[]): Int16Array {
  const length = Math.max(...tones.map(({ at, lasts }) => at + lasts)) + 0.05;
  const out = new Float64Array(Math.ceil(length * RATE));
  for (const { hertz, at, lasts, level } of tones) {
    const first = Math.round(at * RATE);
    const count = Math.round(lasts * RATE);
    for (let i = 0; i < count; i++) {
      const seconds = i / RATE;
      // Soft edges: a tone that is cut clicks.
      const edge = Math.min(1, seconds / 0.01, (lasts - seconds) / 0.06);
      const wave =
        Math.sin(2 * Math.PI * hertz * seconds) * 0.8 + Math.sin(4 * Math.PI * hertz * seconds) * 0.2;
      out[first + i] = (out[first + i] ?? 0) + wave * edge * level;
    }
  }
  return Int16Array.from(out, (value) => Math.round(Math.max(-1, Math.min(1, value)) * 32_000));
}

/** RIFF/WAVE, 16 bit, one channel. */
function wav(data: Int16Array): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'ascii');
  head.writeUInt32LE(36 + data.byteLength, 4);
  head.write('WAVEfmt ', 8, 'ascii');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'ascii');
  head.writeUInt32LE(data.byteLength, 40);
  return Buffer.concat([head, Buffer.from(data.buffer)]);
}

const folder = inProject('renderer', 'sounds');
mkdirSync(folder, { recursive: true });
for (const [name, tones] of Object.entries(SOUNDS)) {
  writeFileSync(join(folder, `${name}.wav`), wav(samples(tones)));
}
