import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { launchConsole, until } from '../helpers/electron.ts';
import { settled } from '../helpers/go.ts';

/** An admin workstation without any Chinese font: the letters that travel with the program are used. */

const folder = mkdtempSync(join(tmpdir(), 'hmtt-fonts-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whether letters are drawn as themselves, not as the box that stands for a missing one. */
const isDrawn = (): boolean => {
  const pixels = (letter: string): string => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    if (context === null) return '';
    context.font = `24px ${getComputedStyle(document.documentElement).fontFamily}`;
    context.fillText(letter, 2, 28);
    return context.getImageData(0, 0, 40, 40).data.join();
  };
  // A character that no font has, and two that differ unless both are boxes.
  return pixels('总') !== pixels('览') && pixels('总') !== pixels('\u{10fffd}');
};

test('Chinese is drawn where the system has no font for it', async () => {
  const settings = join(folder, 'fonts.conf');
  writeFileSync(
    settings,
    `<?xml version="1.0"?><fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir><cachedir>${folder}/cache</cachedir></fontconfig>`,
  );
  const run = await launchConsole({ language: 'zh-CN', ready: true, env: { FONTCONFIG_FILE: settings } });
  try {
    await settled(run.page);
    await until('the letters', () => run.page.evaluate(isDrawn));
    const read = await run.page.evaluate(() =>
      [...document.fonts].filter(({ status }) => status === 'loaded').map(({ family }) => family),
    );
    expect(new Set(read.map((family) => family.replaceAll('"', '')))).toEqual(
      new Set(['Noto Sans SC Variable']),
    );
  } finally {
    await run.close();
  }
});
