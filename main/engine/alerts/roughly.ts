import type { Bilingual } from '#shared/errors/index.ts';

/** A length of time in one unit, for a sentence. */
export function roughly(ms: number): Bilingual {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes < 120) return { zh: ` ${minutes} 分钟`, en: `${minutes} min` };
  const hours = Math.round(minutes / 60);
  if (hours < 48) return { zh: ` ${hours} 小时`, en: `${hours} h` };
  const days = Math.round(hours / 24);
  return { zh: ` ${days} 天`, en: `${days} days` };
}
