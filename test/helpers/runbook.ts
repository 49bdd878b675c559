import type { Runbook } from '#shared/contract/recovery-register.ts';

/** A runbook of one step, valid as it stands; each test changes what it is about. */
export function runbook(change: Partial<Runbook> = {}): Runbook {
  return {
    id: 'rb',
    incident: 'other',
    title: { zh: '预案', en: 'Runbook' },
    purpose: { zh: '', en: '' },
    plans: ['core'],
    owner: '',
    steps: [
      {
        id: 's1',
        phase: 'activation',
        title: { zh: '一', en: 'one' },
        body: { zh: '', en: '' },
        role: { zh: '', en: '' },
        assignee: '',
        minutes: 5,
        command: '',
        check: { zh: '', en: '' },
      },
    ],
    ...change,
  };
}
