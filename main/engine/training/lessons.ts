import type { TrainingIncidentId, TrainingLesson } from '#shared/contract/training.ts';

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
};

type Step = TrainingLesson['steps'][number];

const step = (zh: string, en: string, done: boolean, more: Partial<Step> = {}): Step => ({
  text: { zh, en },
  done,
  link: null,
  starts: null,
  asks: false,
  ...more,
});

/** The lessons with the operator's progress. A later step is never done before an earlier one. */
export function planLessons(facts: LessonFacts): TrainingLesson[] {
  const { seen, active } = facts;
  const down = seen.has('node_down');
  const burst = seen.has('error_burst');
  const deleted = seen.has('deleted_data');
  const lessons: TrainingLesson[] = [
    {
      id: 'alert',
      title: { zh: '处理一条告警', en: 'Handle an alert' },
      why: {
        zh: '夜里最常见的事：一台机器不应答了。',
        en: 'What happens most at night: a machine stops answering.',
      },
      steps: [
        step('开始事件“节点宕机”', 'Start the incident "A node goes down"', down, { starts: 'node_down' }),
        step(
          '等到 app-3 的告警出现，看它从何时开始、该做什么',
          'Wait for the alert about app-3; see since when, and what to do',
          facts.alertRaised,
          { link: '/alerts' },
        ),
        step(
          '结束事件（相当于修好机器），直到主机恢复正常',
          'End the incident, as if you had mended the machine, until the host is up again',
          !active.has('node_down') && facts.nodeUp,
          { link: '/hosts' },
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
          '开始事件“错误突增”，等半分钟',
          'Start the incident "A burst of errors", and wait for half a minute',
          burst,
          { starts: 'error_burst' },
        ),
        step(
          '搜索 level:error，找出失败最多的订单号并回答',
          'Search for level:error, find the order that fails most, and answer',
          facts.answered,
          { link: '/logs?q=level%3Aerror', asks: true },
        ),
      ],
    },
    {
      id: 'rotation',
      title: { zh: '轮转一份日志', en: 'Rotate a log' },
      why: { zh: '日志不轮转，迟早写满磁盘。', en: 'A log that is never rotated fills the disk in the end.' },
      steps: [
        step(
          '轮转演练站点 logs 目录中的一份日志；旧文件留在旁边',
          'Rotate a log of the training site; the old file stays beside it',
          facts.rotated,
          { link: '/logs' },
        ),
      ],
    },
    {
      id: 'backup',
      title: { zh: '做一次备份并校验', en: 'Back up, and verify' },
      why: { zh: '没校验过的备份只是希望。', en: 'A backup that was never verified is a hope.' },
      steps: [
        step('运行备份计划“training”', 'Run the backup plan "training"', facts.points > 0, {
          link: '/backups',
        }),
        step('校验得到的恢复点', 'Verify the restore point', facts.verifiedPoints > 0, { link: '/backups' }),
      ],
    },
    {
      id: 'restore',
      title: { zh: '把删掉的数据恢复回来', en: 'Bring deleted data back' },
      why: { zh: '恢复到原处，并证明一个字节都不差。', en: 'Where they were, and proven to the byte.' },
      steps: [
        step('先有一个恢复点', 'Have a restore point', facts.points > 0, { link: '/backups' }),
        step('开始事件“数据被删”', 'Start the incident "Data are deleted"', deleted, {
          starts: 'deleted_data',
        }),
        step(
          '恢复 db-1 的 archive 目录到原处',
          'Restore the folder archive of db-1 where it was',
          facts.restored,
          { link: '/recovery' },
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
        step('对备份计划做一次演练并通过', 'Drill the backup plan, and pass', facts.drillsPassed > 0, {
          link: '/recovery',
        }),
      ],
    },
  ];
  return lessons.map((lesson) => {
    let before = true;
    const steps = lesson.steps.map((one) => {
      before &&= one.done;
      return { ...one, done: before };
    });
    return { ...lesson, steps };
  });
}
