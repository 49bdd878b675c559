import { useState } from 'react';
import {
  blindPolicySchema,
  gapPolicySchema,
  type RuleAddress,
  type RulePolicy,
  rulePolicySchema,
} from '#shared/contract/rules-authoring.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { useCall, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

const BLIND = ['noData', 'stale', 'error'] as const;
const DEFAULTS: RulePolicy = rulePolicySchema.parse({});

/** What a rule does while it cannot see, and what time without watching means to it. A choice holds at once. */
export function PolicyFields({
  address,
  onChanged,
}: {
  readonly address: RuleAddress;
  readonly onChanged: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const policies = useRequest('rules.policies.list', {});
  const [error, setError] = useState<AppError | null>(null);
  const [saved, setSaved] = useState(false);
  const save = async (policy: RulePolicy | null): Promise<void> => {
    const answer = await call('rules.policies.set', { ...address, policy });
    setError(answer.ok ? null : answer.error);
    setSaved(answer.ok);
    policies.reload();
    onChanged();
  };
  return (
    <section className="stack-small" data-testid="rule-policies">
      <h3>{t('rules:policy.title')}</h3>
      <p className="soft">{t('rules:policy.means')}</p>
      <RequestView request={policies} rows={3}>
        {(data) => {
          const own = data.policies.find(
            ({ file, group, rule }) =>
              file === address.file && group === address.group && rule === address.rule,
          )?.policy;
          // A rule of the starter set says nothing about what a site does not have.
          const usual = address.file.startsWith('starter/')
            ? { ...DEFAULTS, noData: 'ok' as const }
            : DEFAULTS;
          const policy = own ?? usual;
          return (
            <>
              {BLIND.map((name) => (
                <SelectField
                  key={name}
                  label={t(`rules:policy.${name}`)}
                  hint={t(`rules:policy.${name}Hint`)}
                  value={policy[name]}
                  options={blindPolicySchema.options.map((each) => [each, t(`rules:policy.blind.${each}`)])}
                  onChange={(blind) => void save({ ...policy, [name]: blind })}
                />
              ))}
              <SelectField
                label={t('rules:policy.gap')}
                hint={t('rules:policy.gapHint')}
                value={policy.gap}
                options={gapPolicySchema.options.map((each) => [each, t(`rules:policy.gapChoice.${each}`)])}
                onChange={(gap) => void save({ ...policy, gap })}
              />
              <div className="row">
                <Button disabled={own === undefined} onClick={() => void save(null)}>
                  {t('rules:policy.reset')}
                </Button>
                {saved && (
                  <span className="soft" role="status">
                    {t('rules:policy.saved')}
                  </span>
                )}
              </div>
            </>
          );
        }}
      </RequestView>
      {error && <ErrorNotice error={error} />}
    </section>
  );
}
