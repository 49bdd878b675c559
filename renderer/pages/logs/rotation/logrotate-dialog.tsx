import type { RequestOutput } from '#shared/contract/index.ts';
import type { RotationCodecs } from '#shared/contract/logs-rotation-policy.ts';
import { ok } from '#shared/errors/index.ts';
import { ImportDialog } from '../../../components/import-dialog.tsx';
import { ImportFindings } from '../../../components/import-findings.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { policySentence } from './policy-sentence.ts';

type Read = RequestOutput<'rotation.logrotate.preview'> & { readonly codecs: RotationCodecs };

/** Takes over a logrotate configuration: first what it would become and what cannot be taken, by line. */
export function LogrotateDialog({
  codecs,
  onClose,
  onDone,
}: {
  /** What the engine writes for each codec. */
  readonly codecs: RotationCodecs;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  return (
    <ImportDialog<Read>
      title={t('rotation:logrotate.open')}
      testId="logrotate-import"
      source="path"
      initial={{ path: '/etc/logrotate.conf' }}
      words={{
        choose: t('rotation:logrotate.choose'),
        input: t('rotation:logrotate.path'),
        inputHint: t('rotation:logrotate.hint'),
        look: t('rotation:logrotate.look'),
        take: ({ policies }) => t('rotation:logrotate.take', { count: policies.length }),
      }}
      look={async ({ path }) => {
        const read = await call('rotation.logrotate.preview', { path: path.trim() });
        return read.ok ? ok({ ...read.value, codecs }) : read;
      }}
      canTake={({ refused, policies }) => refused.length === 0 && policies.length > 0}
      take={({ path }) => call('rotation.logrotate.import', { path: path.trim() })}
      Found={Found}
      onClose={onClose}
      onDone={onDone}
    />
  );
}

function Found({ found: { refused, warnings, policies, codecs } }: { readonly found: Read }) {
  const { t } = useTranslation();
  return (
    <div className="stack-small" data-testid="logrotate-found">
      <ImportFindings
        state="critical"
        title={t('rotation:logrotate.refused', { count: refused.length })}
        items={refused.map(({ file, line, directive, why }) => ({ file, line, what: directive, text: why }))}
      />
      <ImportFindings
        state="warning"
        title={t('rotation:logrotate.noted', { count: warnings.length })}
        items={warnings.map(({ file, line, text }) => ({ file, line, what: '', text }))}
      />
      <h3>{t('rotation:logrotate.becomes', { count: policies.length })}</h3>
      <ul className="plain-list outlook-files">
        {policies.map((policy) => (
          <li key={policy.name}>
            <strong>{policy.name}</strong>
            <span>{policySentence(t, policy, codecs)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
