import { beforeAll, describe, expect, it } from 'vitest';
import { absoluteText, durationText, relativeText } from '../../../renderer/components/time.ts';
import { i18n } from '../../../renderer/locales/index.ts';
import type { Translate } from '../../../renderer/locales/use-translation.ts';

const now = 1_800_000_000_000;
let zh: Translate;
let en: Translate;

beforeAll(async () => {
  await i18n.changeLanguage('zh-CN');
  zh = i18n.getFixedT('zh-CN') as Translate;
  en = i18n.getFixedT('en') as Translate;
});

describe('lengths of time', () => {
  it('have at most two units', () => {
    expect(durationText(zh, 3_900_000)).toBe('1 小时 5 分钟');
    expect(durationText(en, 90_061_000)).toBe('1 d 1 h');
    expect(durationText(en, 3_601_000)).toBe('1 h');
    expect(durationText(en, 3_200)).toBe('3.2 s');
    expect(durationText(zh, 40)).toBe('40 毫秒');
    expect(durationText(en, Number.NaN)).toBe('—');
  });
});

describe('relative times', () => {
  it('speak in one unit, before and after', () => {
    expect(relativeText(zh, now - 180_000, now)).toBe('3 分钟前');
    expect(relativeText(en, now + 7_200_000, now)).toBe('in 2 h');
    expect(relativeText(en, now - 2_000, now)).toBe('just now');
  });
});

describe('absolute times', () => {
  it('are local and sort as text', () => {
    const time = new Date(2026, 0, 2, 3, 4, 5, 6).getTime();
    expect(absoluteText(time)).toBe('2026-01-02 03:04:05');
    expect(absoluteText(time, true)).toBe('2026-01-02 03:04:05.006');
  });
});
