import { type Bilingual, fillText } from '#shared/errors/index.ts';

const HOUR = 3_600_000;

const APPROXIMATE: Bilingual = {
  zh: '部分时间的原始样本已超过保留期限，该部分由{length}汇总近似得出。',
  en: 'Samples of a part of the time are no longer kept; that part is approximate, from roll-ups of {length}.',
};

/** What an answer says when a part of it comes from roll-ups instead of the samples it asked for. */
export function approximateNote(resolution: number): Bilingual {
  const length: Bilingual =
    resolution < HOUR
      ? { zh: ` ${resolution / 60_000} 分钟`, en: `${resolution / 60_000} min` }
      : { zh: ` ${resolution / HOUR} 小时`, en: `${resolution / HOUR} h` };
  return fillText(APPROXIMATE, { length });
}
