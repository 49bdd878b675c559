import { useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { StarterRule } from '#shared/contract/rules-authoring.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { saveText } from '../../../components/save-text.ts';
import { StateBadge } from '../../../components/state-badge.tsx';
import { durationText } from '../../../components/time.ts';
import { useCall, useRequest } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { StarterValue } from './starter-value.tsx';

const GROUPS = ['host', 'disk', 'system', 'services'] as const;

type Change = {
  readonly rule: string;
  readonly enabled?: boolean;
  readonly values?: Readonly<Record<string, number | null>>;
};

/** The rules that the console brings along: switch them, change their thresholds, see what an update changed. */
export function StarterView({ onChanged }: { readonly onChanged: () => void }) {
  const { t } = useTranslation();
  const call = useCall();
  const starter = useRequest('rules.starter.list', {});
  const [error, setError] = useState<AppError | null>(null);
  const change = async (input: Change): Promise<void> => {
    const answer = await call('rules.starter.set', input);
    setError(answer.ok ? null : answer.error);
    starter.reload();
    onChanged();
  };
  const switchAll = async (rules: readonly StarterRule[], enabled: boolean): Promise<void> => {
    for (const rule of rules) {
      const answer =
        rule.enabled === enabled ? null : await call('rules.starter.set', { rule: rule.name, enabled });
      if (answer !== null && !answer.ok) setError(answer.error);
    }
    starter.reload();
    onChanged();
  };
  const seen = async (): Promise<void> => {
    const answer = await call('rules.starter.seen', {});
    setError(answer.ok ? null : answer.error);
    starter.reload();
  };
  const save = async (): Promise<void> => {
    const answer = await call('rules.starter.files', {});
    if (!answer.ok) return setError(answer.error);
    // Groups of several files in one: the names of groups differ.
    const [first, ...others] = answer.value.files.map(({ text }) => text);
    const text = [first ?? 'groups: []\n', ...others.map((each) => each.replace(/^groups:\n/, ''))].join('');
    const saved = await saveText('hmtt-starter.yml', text);
    if (!saved.ok) setError(saved.error);
  };
  return (
    <>
      <div className="row">
        <p className="soft">{t('rules:starter.means')}</p>
        <Button onClick={() => void save()}>{t('rules:starter.export')}</Button>
      </div>
      {error && <ErrorNotice error={error} />}
      <RequestView request={starter} rows={10}>
        {(data) => (
          <>
            <Changes data={data} onSeen={() => void seen()} />
            {GROUPS.map((group) => {
              const rules = data.rules.filter((rule) => rule.group === group);
              return (
                <Panel
                  key={group}
                  title={t(`rules:starter.group.${group}`)}
                  extra={
                    <span className="row">
                      <Button kind="quiet" onClick={() => void switchAll(rules, true)}>
                        {t('rules:starter.allOn')}
                      </Button>
                      <Button kind="quiet" onClick={() => void switchAll(rules, false)}>
                        {t('rules:starter.allOff')}
                      </Button>
                    </span>
                  }
                >
                  <table className="plain-table wide starter-table">
                    <thead>
                      <tr>
                        <th scope="col">{t('rules:file.enabled')}</th>
                        <th scope="col">{t('rules:starter.what')}</th>
                        <th scope="col">{t('rules:form.severity')}</th>
                        <th scope="col">{t('rules:starter.thresholds')}</th>
                        <th scope="col">{t('rules:detail.for')}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {rules.map((rule) => (
                        <StarterRow key={rule.name} rule={rule} onChange={(input) => void change(input)} />
                      ))}
                    </tbody>
                  </table>
                </Panel>
              );
            })}
          </>
        )}
      </RequestView>
    </>
  );
}

function StarterRow({
  rule,
  onChange,
}: {
  readonly rule: StarterRule;
  readonly onChange: (change: Change) => void;
}) {
  const { t } = useTranslation();
  const text = useText();
  const { name, enabled, values, severity, forMs, change } = rule;
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          aria-label={t('rules:starter.enable', { rule: name })}
          checked={enabled}
          onChange={(event) => onChange({ rule: name, enabled: event.target.checked })}
        />
      </td>
      <td>
        <div>
          {text(rule.title)}
          {change !== null && <strong>{` · ${t(`rules:starter.kind.${change.kind}`)}`}</strong>}
        </div>
        <details className="small">
          <summary className="soft mono">{name}</summary>
          <pre className="rule-code">{rule.expr}</pre>
          <p>{text(rule.advice)}</p>
        </details>
      </td>
      <td>
        <StateBadge state={severity} />
      </td>
      <td>
        {values.map((value) => (
          <StarterValue
            key={value.name}
            rule={name}
            value={value}
            onChange={(number) => onChange({ rule: name, values: { [value.name]: number } })}
          />
        ))}
      </td>
      <td className="figure">{forMs === 0 ? t('rules:form.atOnce') : durationText(t, forMs)}</td>
    </tr>
  );
}

/** What an update of the console did to the set since somebody looked. */
function Changes({
  data,
  onSeen,
}: {
  readonly data: RequestOutput<'rules.starter.list'>;
  readonly onSeen: () => void;
}) {
  const { t } = useTranslation();
  const changed = [
    ...data.rules.flatMap(({ name, change }) => (change === null ? [] : [{ name, ...change }])),
    ...data.removed.map(({ name, before }) => ({ name, kind: 'removed' as const, before, after: null })),
  ];
  if (changed.length === 0) return null;
  return (
    <section className="notice notice-warning" aria-label={t('rules:starter.label')}>
      <div className="notice-body">
        <strong>{t('rules:starter.changes', { count: changed.length })}</strong>
        <div>{t('rules:starter.changesMeans')}</div>
        {changed.map(({ name, kind, before, after }) => (
          <details key={name}>
            <summary>{`${name} · ${t(`rules:starter.kind.${kind}`)}`}</summary>
            {before !== null && (
              <>
                <div className="soft">{t('rules:starter.before')}</div>
                <pre className="rule-code">{before}</pre>
              </>
            )}
            {after !== null && (
              <>
                <div className="soft">{t('rules:starter.after')}</div>
                <pre className="rule-code">{after}</pre>
              </>
            )}
          </details>
        ))}
      </div>
      <Button onClick={onSeen}>{t('rules:starter.seen')}</Button>
    </section>
  );
}
