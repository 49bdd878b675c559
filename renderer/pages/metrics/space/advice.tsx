import { useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { PageLink } from '../../../components/page-link.tsx';
import { copyText } from '../../../components/save-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { type Culprit, dropRule, lookInto } from './drop-rule.ts';

function nameOf(culprit: Culprit): string {
  switch (culprit.by) {
    case 'pairs':
      return `${culprit.row.name}="${culprit.row.value}"`;
    case 'targets':
      return `${culprit.row.job} ${culprit.row.instance}`;
    default:
      return culprit.row.name;
  }
}

/** What can be done about what was chosen: where its series are, and a rule that drops them, ready to copy. */
export function Advice({ culprit, onClose }: { readonly culprit: Culprit; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState('');
  const rule = dropRule(culprit);
  const isRefused = culprit.by === 'targets' && culprit.row.refusal !== null;
  return (
    <Panel
      className="space-advice"
      title={t('metrics:usage.adviceTitle')}
      extra={
        <Button kind="quiet" onClick={onClose}>
          {t('common:action.close')}
        </Button>
      }
    >
      <div className="stack tight" role="status">
        <p className="mono space-name">{nameOf(culprit)}</p>
        <p>{t(isRefused ? 'metrics:usage.advice.refused' : `metrics:usage.advice.${culprit.by}`)}</p>
        {rule !== null && (
          <>
            <pre className="space-rule mono">{rule}</pre>
            <div className="row">
              <Button
                onClick={() => {
                  void copyText(`${rule}\n`);
                  setCopied(rule);
                }}
              >
                <Icon name="copy" /> {t('metrics:usage.copyRule')}
              </Button>
              {copied === rule && <span className="soft">{t('metrics:usage.copied')}</span>}
            </div>
            <p className="soft small">{t('metrics:usage.howTo')}</p>
          </>
        )}
        {!isRefused && (
          <PageLink to={`/metrics?expr=${encodeURIComponent(lookInto(culprit))}&view=table&table=instant`}>
            {t('metrics:usage.lookInto')}
          </PageLink>
        )}
      </div>
    </Panel>
  );
}
