import type { ChangeStats, MassChange } from '#shared/contract/backup-retention.ts';

type Sign = MassChange['signs'][number];

/** Fewer files than this are no mass, whatever their share. */
const FEWEST_FILES = 20;
/** Runs of the same type that are needed to say what is usual for a plan. */
const ENOUGH_HISTORY = 5;
/** How many of its own usual deviations above the median a run must lie: the median absolute deviation × 1.4826 is a
 * standard deviation where values are normal (Hampel's identifier, with a wider window because runs come in bursts). */
const DEVIATIONS = 6;
const MAD_TO_SIGMA = 1.4826;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[middle - 1] ?? 0, sorted[middle] ?? 0];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** What is usual for a plan, and above which value a run is not; null usual: not enough runs yet. */
type Usual = { readonly usual: number | null; readonly threshold: number };

/**
 * @param least never alarm below this, however steady the plan is
 * @param unknown the threshold while nothing is known of the plan
 */
function usualOf(values: readonly number[], least: number, unknown: number): Usual {
  if (values.length < ENOUGH_HISTORY) return { usual: null, threshold: unknown };
  const usual = median(values);
  const deviation = MAD_TO_SIGMA * median(values.map((value) => Math.abs(value - usual)));
  return { usual, threshold: Math.max(least, usual + DEVIATIONS * deviation) };
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`;

function usually({ usual, threshold }: Usual): { readonly zh: string; readonly en: string } {
  return usual === null
    ? {
        zh: `（历史不足，阈值 ${percent(threshold)}）`,
        en: ` (too little history; threshold ${percent(threshold)})`,
      }
    : {
        zh: `（平时 ${percent(usual)}，阈值 ${percent(threshold)}）`,
        en: ` (usually ${percent(usual)}, threshold ${percent(threshold)})`,
      };
}

/**
 * Looks whether a run changed far more than the plan's runs of the same type do: files changed, files gone, files that got a
 * new ending, content that cannot be compressed any more. Pure.
 *
 * @param history what earlier runs of the same type changed
 * @returns the signs, each with the threshold it passed; empty for a usual run
 */
export function judgeChanges(stats: ChangeStats, history: readonly ChangeStats[]): readonly Sign[] {
  const of = (some: ChangeStats, count: number): number => count / Math.max(1, some.before);
  const signs: Sign[] = [];
  const check = (
    kind: 'changed' | 'gone' | 'renamed',
    count: (some: ChangeStats) => number,
    least: number,
    unknown: number,
    words: { readonly zh: string; readonly en: string },
  ): void => {
    const value = of(stats, count(stats));
    const known = usualOf(
      history.map((some) => of(some, count(some))),
      least,
      unknown,
    );
    if (count(stats) < FEWEST_FILES || value < known.threshold) return;
    const told = usually(known);
    signs.push({
      kind,
      value,
      ...known,
      sentence: {
        zh: `${words.zh} ${count(stats)} 个文件，占 ${percent(value)}${told.zh}。`,
        en: `${count(stats)} files ${words.en}, ${percent(value)} of all${told.en}.`,
      },
    });
  };
  check('changed', (some) => some.changed, 0.3, 0.6, { zh: '内容改变了', en: 'changed' });
  check('gone', (some) => some.gone, 0.15, 0.3, { zh: '消失了', en: 'are gone' });
  if (stats.ending !== null)
    check('renamed', (some) => some.renamed, 0.05, 0.1, {
      zh: `扩展名变为“${stats.ending}”等的有`,
      en: `got another ending, most of them "${stats.ending}"`,
    });
  const incompressible = judgeRatio(stats, history);
  return incompressible === null ? signs : [...signs, incompressible];
}

/** Encrypted content does not compress: what is stored is suddenly as large as what was read. */
function judgeRatio(stats: ChangeStats, history: readonly ChangeStats[]): Sign | null {
  const touched = stats.changed + stats.renamed;
  if (stats.storedRatio === null || touched < FEWEST_FILES || touched / Math.max(1, stats.before) < 0.05)
    return null;
  const ratios = history.flatMap(({ storedRatio }) => (storedRatio === null ? [] : [storedRatio]));
  if (ratios.length < ENOUGH_HISTORY) return null;
  const known = usualOf(ratios, 0, 1);
  const usual = known.usual ?? 0;
  // A quarter more of what was read is more than another mix of files makes; above 0.9 nothing compresses any more.
  const threshold = Math.min(0.9, Math.max(known.threshold, usual + 0.25));
  if (usual >= 0.85 || stats.storedRatio < threshold) return null;
  const told = usually({ usual, threshold });
  return {
    kind: 'incompressible',
    value: stats.storedRatio,
    usual,
    threshold,
    sentence: {
      zh: `新数据压缩后仍占原大小的 ${percent(stats.storedRatio)}${told.zh}，可能已被加密。`,
      en: `New data still takes ${percent(stats.storedRatio)} of its size when compressed${told.en}; it may be encrypted.`,
    },
  };
}
