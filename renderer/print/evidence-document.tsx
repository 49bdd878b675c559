import type { Evidence } from '#shared/contract/restore.ts';
import { appError, err, ok } from '#shared/errors/index.ts';
import { EvidenceDocument } from '../wizards/restore/evidence-document.tsx';
import { definePrint } from './print-module.tsx';

/** The evidence of a restore, on paper: what the signed document says, with lines for the signatures of people. */
export const evidenceDocument = definePrint<Evidence>({
  load: async (client, id) => {
    const answer = await client.call('restore.evidence', { restoreId: id ?? '' });
    if (!answer.ok) return answer;
    const { evidence } = answer.value;
    return evidence === null ? err(appError('NOT_FOUND', { what: 'evidence', id: id ?? '' })) : ok(evidence);
  },
  title: ({ plan }, t) => `${t('restore:evidence.title')} · ${plan.planName}`,
  View: ({ data }) => <EvidenceDocument evidence={data} printed />,
});
