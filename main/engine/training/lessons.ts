import type { TrainingIncidentId, TrainingLesson } from '#shared/contract/training.ts';
import { ERROR_SEARCH } from './incidents.ts';

/** What the engine knows, by which steps are judged. */
export type LessonFacts = {
  readonly seen: ReadonlySet<TrainingIncidentId>;
  readonly active: ReadonlySet<TrainingIncidentId>;
  /** An alert about the machine that went down was raised, now or before. */
  readonly alertRaised: boolean;
  /** That machine answers. */
  readonly nodeUp: boolean;
  readonly answered: boolean;
  readonly rotated: boolean;
  readonly points: number;
  readonly verifiedPoints: number;
  /** Files were deleted, and all of them are back with the very same content. */
  readonly restored: boolean;
  readonly drillsPassed: number;
  /** Steps that were done before, by `stepKey`: what was learned stays so, whatever the site looks like now. */
  readonly done: ReadonlySet<string>;
  /** The log that the lesson about rotation proposes: a path on this machine. */
  readonly logFile: string;
};

/** The machine whose log that is. */
export const ROTATED_NODE = 'app-1';

/** By what a step is known in the state that is kept. */
export function stepKey(lesson: TrainingLesson['id'], index: number): string {
  return `${lesson}.${index}`;
}

type Step = TrainingLesson['steps'][number];
type Both = Step['text'];

const step = (text: Both, done: boolean, more: Partial<Step> = {}): Step => ({
  text,
  how: null,
  copy: null,
  done,
  link: null,
  starts: null,
  ends: null,
  asks: false,
  ...more,
});

/** The lessons with the operator's progress. A later step is never done before an earlier one. */
export function planLessons(facts: LessonFacts): TrainingLesson[] {
  return [...watching(facts), ...keeping(facts)].map((lesson) => {
    let before = true;
    const steps = lesson.steps.map((one, index) => {
      before &&= one.done || facts.done.has(stepKey(lesson.id, index));
      return { ...one, done: before };
    });
    return { ...lesson, steps };
  });
}

/** Alerts and logs. */
function watching(facts: LessonFacts): TrainingLesson[] {
  return [
    {
      id: 'alert',
      title: { zh: '处理一条告警', en: 'Handle an alert' },
      why: {
        zh: '夜里最常见的事：一台机器不应答了。',
        en: 'What happens most at night: a machine stops answering.',
      },
      steps: [
        step(
          { zh: '触发故障“节点宕机”', en: 'Start the incident "A node goes down"' },
          facts.seen.has('node_down'),
          { starts: 'node_down' },
        ),
        step(
          {
            zh: '等到 app-3 的告警出现，看它从何时开始、下一步做什么',
            en: 'Wait for the alert about app-3; see since when, and what to do next',
          },
          facts.alertRaised,
          {
            how: {
              zh: '它在“告警”页最上面；选中后按 Enter 打开，里面写明通知了谁、为什么。',
              en: 'It is the first on the page Alerts; Enter opens it, with who was told, and why.',
            },
            link: '/alerts',
          },
        ),
        step(
          {
            zh: '排除故障（相当于修好机器），直到 app-3 恢复正常',
            en: 'End the incident, as if you had mended the machine, until app-3 is up again',
          },
          !facts.active.has('node_down') && facts.nodeUp,
          { link: '/hosts/app-3', ends: 'node_down' },
        ),
      ],
    },
    {
      id: 'logs',
      title: { zh: '从日志里找原因', en: 'Find a cause in the logs' },
      why: {
        zh: '错误很多时，先看它们有什么共同点。',
        en: 'When there are many errors, see what they have in common.',
      },
      steps: [
        step(
          {
            zh: '触发故障“错误突增”',
            en: 'Start the incident "A burst of errors"',
          },
          facts.seen.has('error_burst'),
          { starts: 'error_burst' },
        ),
        step(
          {
            zh: '搜索 level:error，找出失败最多的订单号并回答',
            en: 'Search for level:error, find the order that fails most, and answer',
          },
          facts.answered,
          {
            how: {
              zh: '等半分钟，点“重新搜索”，在左侧“字段统计”中展开 order：最上面的就是。',
              en: 'After half a minute press "Search again", and open "order" among the fields on the left: it is the first.',
            },
            link: ERROR_SEARCH,
            asks: true,
          },
        ),
        step({ zh: '排除故障', en: 'End the incident' }, facts.answered && !facts.active.has('error_burst'), {
          ends: 'error_burst',
        }),
      ],
    },
    {
      id: 'rotation',
      title: { zh: '轮转一份日志', en: 'Rotate a log' },
      why: { zh: '日志不轮转，迟早写满磁盘。', en: 'A log that is never rotated fills the disk in the end.' },
      steps: [
        step(
          {
            zh: '为 app-1 的日志新建轮转策略，并立即轮转',
            en: "Make a rotation policy for app-1's log, and rotate it now",
          },
          facts.rotated,
          {
            how: {
              zh: '点“新建策略”，名称填 app-1，日志文件填下面的路径，保存；再点“立即轮转”。',
              en: 'New policy: the name is app-1, the log file is the path below. Save, then press "Rotate now".',
            },
            copy: facts.logFile,
            link: '/logs?tab=rotation',
          },
        ),
      ],
    },
  ];
}

/** Backups, restores and drills. */
function keeping(facts: LessonFacts): TrainingLesson[] {
  return [
    {
      id: 'backup',
      title: { zh: '做一次备份并校验', en: 'Back up, and verify' },
      why: { zh: '没校验过的备份只是希望。', en: 'A backup that was never verified is a hope.' },
      steps: [
        step({ zh: '运行备份计划“training”', en: 'Run the backup plan "training"' }, facts.points > 0, {
          how: { zh: '点“立即备份”。', en: 'Press "Back up now".' },
          link: '/backups/training',
        }),
        step(
          { zh: '把恢复点从头读一遍来校验', en: 'Verify the restore point by reading it back' },
          facts.verifiedPoints > 0,
          {
            how: { zh: '点“校验最新恢复点”。', en: 'Press "Verify newest point".' },
            link: '/backups/training',
          },
        ),
      ],
    },
    {
      id: 'restore',
      title: { zh: '把删掉的数据恢复回来', en: 'Bring deleted data back' },
      why: { zh: '恢复到原处，并证明一个字节都不差。', en: 'Where they were, and proven to the byte.' },
      steps: [
        step({ zh: '先有一个恢复点', en: 'Have a restore point' }, facts.points > 0, {
          link: '/backups/training',
        }),
        step(
          { zh: '触发故障“数据被删”', en: 'Start the incident "Data are deleted"' },
          facts.seen.has('deleted_data'),
          { starts: 'deleted_data' },
        ),
        step(
          {
            zh: '把 db-1 的 archive 目录恢复到原来的位置',
            en: 'Restore the folder archive of db-1 where it was',
          },
          facts.restored,
          {
            how: {
              zh: '查找下面的文字，全部选中；选最新的恢复点，恢复到原来的位置；预览后确认。',
              en: 'Find the text below and select all; take the newest point and the original location; preview, and confirm.',
            },
            copy: 'db-1/archive',
            link: '/recovery/restore?kind=files',
          },
        ),
      ],
    },
    {
      id: 'drill',
      title: { zh: '做一次恢复演练', en: 'Run a recovery drill' },
      why: {
        zh: '演练说明要多久、差多少，不动真实数据。',
        en: 'It tells how long it takes and what is missing, and touches nothing real.',
      },
      steps: [
        step(
          { zh: '对备份计划“training”做一次演练并通过', en: 'Drill the backup plan "training", and pass' },
          facts.drillsPassed > 0,
          {
            how: { zh: '在“演练”中点“立即演练”。', en: 'Press "Drill now" under Drills.' },
            link: '/recovery?tab=drills',
          },
        ),
      ],
    },
  ];
}
