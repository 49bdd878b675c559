import { useState } from 'react';
import type { AskingPanel, Target } from '#shared/domain/dashboard/panels.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { StateShape } from '../../../components/state-badge.tsx';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { PromqlEditor } from '../../metrics/editor/promql-editor.tsx';
import { TextField } from './field-inputs.tsx';

export type TargetsFormProps = {
  readonly panel: AskingPanel;
  readonly onChange: (targets: Target[]) => void;
};

/** More targets than these are refused by the dashboard. */
const MOST_TARGETS = 50;

/** The first letter that no target has: `A` to `Z`, then `A1`. */
export function freeRef(targets: readonly Pick<Target, 'ref'>[]): string {
  for (let index = 0; ; index += 1) {
    const letter = String.fromCharCode(65 + (index % 26));
    const ref = index < 26 ? letter : `${letter}${Math.floor(index / 26)}`;
    if (targets.every((target) => target.ref !== ref)) return ref;
  }
}

/** The expressions of a panel. */
export function TargetsForm({ panel, onChange }: TargetsFormProps) {
  const { t } = useTranslation();
  const { targets } = panel;
  const put = (at: number, change: Partial<Target>): void =>
    onChange(targets.map((target, index) => (index === at ? { ...target, ...change } : target)));
  const add = (): void =>
    onChange([
      ...targets,
      {
        ref: freeRef(targets),
        expr: '',
        legend: '',
        mode: panel.kind === 'table' ? 'instant' : 'range',
        minStep: '',
        format: panel.kind === 'heatmap' ? 'buckets' : 'series',
        hidden: false,
      },
    ]);
  return (
    <section className="panel targets" aria-label={t('dashboards:target.title')}>
      <h3>{t('dashboards:target.title')}</h3>
      {targets.map((target, at) => (
        <OneTarget
          key={target.ref}
          target={target}
          onChange={(change) => put(at, change)}
          onRemove={() => onChange(targets.filter((_, index) => index !== at))}
        />
      ))}
      <div>
        <Button kind="quiet" disabled={targets.length >= MOST_TARGETS} onClick={add}>
          + {t('metrics:addExpression')}
        </Button>
      </div>
    </section>
  );
}

type OneProps = {
  readonly target: Target;
  readonly onChange: (change: Partial<Target>) => void;
  readonly onRemove: () => void;
};

function OneTarget({ target, onChange, onRemove }: OneProps) {
  const { t } = useTranslation();
  const say = useText();
  const [text, setText] = useState(target.expr);
  const [shown, setShown] = useState(target.expr);
  const [problem, setProblem] = useState<AppError | null>(null);
  // Undo changes the target from outside.
  if (shown !== target.expr) {
    setShown(target.expr);
    setText(target.expr);
  }
  const run = (next: string): void => onChange({ expr: next.trim() });
  const label = t('metrics:expressionN', { n: target.ref });
  // With variables in it, the text is no PromQL yet; the panel says what is wrong once they are filled in.
  const checked = problem !== null && !text.includes('$');
  return (
    <section className="target" aria-label={label}>
      <div className="expression-line">
        <span className="expression-letter" aria-hidden="true">
          {target.ref}
        </span>
        <PromqlEditor label={label} value={text} onChange={setText} onRun={run} onProblem={setProblem} />
        <Button kind={text.trim() === target.expr ? 'default' : 'primary'} onClick={() => run(text)}>
          {t('metrics:run')}
        </Button>
        <Button
          kind="quiet"
          className="icon-btn"
          aria-pressed={target.hidden}
          aria-label={`${target.hidden ? t('metrics:act.show') : t('metrics:act.hide')} (${target.ref})`}
          onClick={() => onChange({ hidden: !target.hidden })}
        >
          <Icon name={target.hidden ? 'eyeOff' : 'eye'} size={14} />
        </Button>
        <Button
          kind="quiet"
          className="icon-btn"
          aria-label={`${t('metrics:act.remove')} (${target.ref})`}
          onClick={onRemove}
        >
          <Icon name="close" size={14} />
        </Button>
      </div>
      {checked && (
        <p className="expression-problem" role="status">
          <StateShape state="warning" size={10} /> {say(problem.message)}
        </p>
      )}
      <div className="fields-row">
        <TextField
          label={t('dashboards:target.legend')}
          hint={t('dashboards:target.legendHint', { example: '{{label}}' })}
          value={target.legend}
          onChange={(legend) => onChange({ legend })}
        />
        <SelectField
          label={t('dashboards:target.mode')}
          value={target.mode}
          options={[
            ['range', t('dashboards:target.range')],
            ['instant', t('dashboards:target.instant')],
          ]}
          onChange={(mode) => onChange({ mode })}
        />
        <TextField
          label={t('dashboards:target.minStep')}
          hint={t('dashboards:target.minStepHint')}
          value={target.minStep}
          onChange={(minStep) => onChange({ minStep })}
        />
      </div>
    </section>
  );
}
