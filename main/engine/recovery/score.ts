import type { Digit, Score } from '#shared/contract/recovery-drills.ts';
import type { DataClass } from '#shared/contract/recovery-register.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import type { CopyFacts } from './types.ts';

/**
 * The 3-2-1-1-0 rule: three copies of the data (the original counts), on two kinds of media, one of them off-site, one offline
 * or immutable, and no error in the newest verification.
 */

/** One plan as the score sees it: its newest restorable point. */
export type Scored = {
  readonly plan: string;
  /** Copies of the newest restorable point; empty when there is no such point. */
  readonly copies: readonly CopyFacts[];
  /** Whether that point was read back and compared. */
  readonly isVerified: boolean;
  /** Points of the plan in which verification found damage. */
  readonly damaged: number;
};

/** The score of one class: each digit is as good as it is for the plan that stands worst. */
export function scoreOf(dataClass: DataClass, plans: readonly Scored[]): Score {
  const digits = names.map((name) => worst(plans.map((plan) => digitOf(name, plan))) ?? nothingYet(name));
  return {
    dataClass,
    plans: plans.map(({ plan }) => plan),
    digits,
    reached: digits.filter((digit) => digit.reached).length,
  };
}

const names = ['copies', 'media', 'offsite', 'offline', 'errors'] as const;
const targets = { copies: 3, media: 2, offsite: 1, offline: 1, errors: 0 } as const;

/** The digit that is worst; of equals the first. */
function worst(digits: readonly Digit[]): Digit | undefined {
  return digits.toSorted((a, b) => Number(a.reached) - Number(b.reached) || shortfall(b) - shortfall(a))[0];
}

function shortfall({ name, have, target }: Digit): number {
  return name === 'errors' ? have : target - have;
}

function nothingYet(name: Digit['name']): Digit {
  return {
    name,
    target: targets[name],
    have: 0,
    reached: false,
    reasons: [{ zh: '这类数据还没有备份计划。', en: 'There is no backup plan for this class of data yet.' }],
    next: { zh: '在“备份”中为这类数据建立计划。', en: 'Make a plan for it on the page Backups.' },
  };
}

function digitOf(name: Digit['name'], scored: Scored): Digit {
  const { plan } = scored;
  const intact = scored.copies.filter((copy) => copy.intact);
  // A copy that shares the original's disk is no second copy: one fault takes both.
  const beside = intact.filter((copy) => copy.besideOriginal);
  const apart = intact.filter((copy) => !copy.besideOriginal);
  const places = [...new Map(apart.map((copy) => [copy.place, copy])).values()];
  const say = (have: number, reasons: readonly Bilingual[], next: Bilingual): Digit => {
    const target = targets[name];
    const reached = name === 'errors' ? have === 0 : have >= target;
    return {
      name,
      target,
      have,
      reached,
      reasons: reasons.map((reason) => ({ zh: `${plan}：${reason.zh}`, en: `${plan}: ${reason.en}` })),
      next: reached ? null : next,
    };
  };
  switch (name) {
    case 'copies':
      return say(
        1 + places.length,
        [original, ...places.map(described), ...beside.map(notCounted)],
        intact.length === 0
          ? { zh: '立即做一次备份。', en: 'Make a backup now.' }
          : {
              zh: '在计划的“复制到”中加一个目标：另一台机器的文件夹，或一组介质。',
              en: 'Give the plan a target to copy to: a folder on another machine, or a pool of media.',
            },
      );
    case 'media': {
      const kinds = new Set(['disk', ...apart.map(({ media }) => media)]);
      return say(
        kinds.size,
        [...kinds].map((kind) => mediaWords[kind as CopyFacts['media']]),
        {
          zh: '把恢复点复制到另一种介质，例如带标签的移动硬盘。',
          en: 'Copy the points to another kind of medium, such as a labelled removable disk.',
        },
      );
    }
    case 'offsite': {
      const away = apart.filter(isAway);
      return say(Math.min(1, away.length), away.length > 0 ? away.map(described) : [nothing], {
        zh: '把一个介质送到别处存放，并在介质台账中写明地点。',
        en: 'Take a medium to another place and write the place into its ledger.',
      });
    }
    case 'offline': {
      const safe = apart.filter(({ offline, immutable }) => offline || immutable);
      return say(Math.min(1, safe.length), safe.length > 0 ? safe.map(described) : [nothing], {
        zh: '复制后取出介质，不要一直接着；或使用只能写一次的介质。',
        en: 'Take a medium out after copying instead of leaving it connected, or use one that can be written once only.',
      });
    }
    case 'errors':
      return errorsDigit(scored, say);
  }
}

function errorsDigit(
  { damaged, isVerified, copies }: Scored,
  say: (have: number, reasons: readonly Bilingual[], next: Bilingual) => Digit,
): Digit {
  const broken = copies.filter((copy) => !copy.intact).length;
  const reasons: Bilingual[] = [];
  if (damaged > 0) reasons.push({ zh: `${damaged} 个恢复点已损坏`, en: `${damaged} damaged restore points` });
  if (broken > 0) reasons.push({ zh: `${broken} 个副本已损坏`, en: `${broken} damaged copies` });
  // What was never read back may hold any number of errors; it cannot count as none.
  if (!isVerified) {
    reasons.push({
      zh: '最新的可恢复的恢复点从未校验',
      en: 'the newest restorable point was never verified',
    });
  }
  return say(
    damaged + broken + (isVerified ? 0 : 1),
    reasons.length > 0
      ? reasons
      : [{ zh: '最近的校验没有发现错误', en: 'the newest verification found no error' }],
    damaged + broken > 0
      ? {
          zh: '立即做一次全备份，并查明损坏的原因。',
          en: 'Make a full backup now, and find out what did the damage.',
        }
      : { zh: '校验最新的恢复点。', en: 'Verify the newest restore point.' },
  );
}

/** Off-site: it lies somewhere else than here, or on another machine of which somebody wrote where it stands. */
function isAway({ media, offline, location }: CopyFacts): boolean {
  return location !== '' && (media === 'network' || offline);
}

function described({ name, media, location }: CopyFacts): Bilingual {
  const words = mediaWords[media];
  return location === ''
    ? { zh: `${name}（${words.zh}）`, en: `${name} (${words.en})` }
    : { zh: `${name}（${words.zh}，${location}）`, en: `${name} (${words.en}, ${location})` };
}

function notCounted({ name }: CopyFacts): Bilingual {
  return {
    zh: `${name}（与原始数据在同一磁盘，不计）`,
    en: `${name} (on the disk of the original, does not count)`,
  };
}

const original: Bilingual = { zh: '原始数据', en: 'the original' };
const nothing: Bilingual = { zh: '没有', en: 'none' };
const mediaWords: Readonly<Record<CopyFacts['media'], Bilingual>> = {
  disk: { zh: '内置磁盘', en: 'built-in disk' },
  removable: { zh: '移动介质', en: 'removable medium' },
  network: { zh: '另一台机器', en: 'another machine' },
};
