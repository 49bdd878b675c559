import { Fragment } from 'react';
import { MOST_PIPELINE_DEPTH } from '#shared/contract/logs-pipelines.ts';
import { Button } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { FilterEditor } from './filter-editor.tsx';
import { type IfDraft, isIf, newStep, type StepDraft, withMovedStep, withStep } from './step-draft.ts';
import type { FilterKind } from './step-spec.ts';

export type StepsEditorProps = {
  readonly steps: readonly StepDraft[];
  readonly onChange: (steps: readonly StepDraft[]) => void;
  /** How deep these stand inside branches. */
  readonly depth?: number;
};

const kinds: readonly (FilterKind | 'if')[] = [
  'if',
  'mutate',
  'grok',
  'date',
  'json',
  'kv',
  'dissect',
  'mask',
  'stream',
  'drop',
];

/** Steps in their order; each can be changed, moved and taken away. */
export function StepsEditor({ steps, onChange, depth = 0 }: StepsEditorProps) {
  const { t } = useTranslation();
  const offered = depth >= MOST_PIPELINE_DEPTH - 1 ? kinds.filter((kind) => kind !== 'if') : kinds;
  return (
    <ol className="pipeline-steps">
      {steps.map((step, index) => {
        const name = t('pipelines:edit.step', { number: index + 1, kind: t(`pipelines:kind.${step.kind}`) });
        const act = (label: string, icon: 'up' | 'down' | 'close', disabled: boolean, run: () => void) => (
          <Button
            kind="quiet"
            className="icon-btn"
            disabled={disabled}
            aria-label={`${label} ${name}`}
            title={label}
            onClick={run}
          >
            <Icon name={icon} size={12} />
          </Button>
        );
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step has nothing but its place; its controls keep no state.
          <li key={index} className="pipeline-step" data-kind={step.kind}>
            <div className="pipeline-step-head">
              <strong>{name}</strong>
              <span className="spacer" />
              {act(t('pipelines:edit.up'), 'up', index === 0, () =>
                onChange(withMovedStep(steps, index, -1)),
              )}
              {act(t('pipelines:edit.down'), 'down', index === steps.length - 1, () =>
                onChange(withMovedStep(steps, index, 1)),
              )}
              {act(t('common:action.remove'), 'close', false, () =>
                onChange(withStep(steps, index, undefined)),
              )}
            </div>
            {isIf(step) ? (
              <Branches
                step={step}
                depth={depth}
                onChange={(next) => onChange(withStep<StepDraft>(steps, index, next))}
              />
            ) : (
              <FilterEditor
                filter={step}
                onChange={(next) => onChange(withStep<StepDraft>(steps, index, next))}
              />
            )}
          </li>
        );
      })}
      <li>
        <select
          className="input"
          aria-label={t('pipelines:edit.add')}
          value=""
          onChange={(event) => {
            const kind = offered.find((each) => each === event.target.value);
            if (kind) onChange([...steps, newStep(kind)]);
          }}
        >
          <option value="">{t('pipelines:edit.add')}</option>
          {offered.map((kind) => (
            <option key={kind} value={kind}>
              {t(`pipelines:kind.${kind}`)}
            </option>
          ))}
        </select>
      </li>
    </ol>
  );
}

type BranchesProps = {
  readonly step: IfDraft;
  readonly depth: number;
  readonly onChange: (step: IfDraft) => void;
};

function Branches({ step, depth, onChange }: BranchesProps) {
  const { t } = useTranslation();
  const { branches, otherwise } = step;
  return (
    <>
      {branches.map((branch, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a branch has nothing but its place.
        <Fragment key={index}>
          <div className="row">
            <div className="grow">
              <TextField
                mono
                label={t(index === 0 ? 'pipelines:edit.if' : 'pipelines:edit.elseIf')}
                placeholder={'[level] == "error"'}
                value={branch.when}
                onChange={(when) =>
                  onChange({ ...step, branches: withStep(branches, index, { ...branch, when }) })
                }
              />
            </div>
            {branches.length > 1 && (
              <Button
                kind="quiet"
                onClick={() => onChange({ ...step, branches: withStep(branches, index, undefined) })}
              >
                {t('common:action.remove')}
              </Button>
            )}
          </div>
          <StepsEditor
            depth={depth + 1}
            steps={branch.steps}
            onChange={(steps) =>
              onChange({ ...step, branches: withStep(branches, index, { ...branch, steps }) })
            }
          />
        </Fragment>
      ))}
      {otherwise !== undefined && (
        <>
          <div className="row">
            <span className="grow">{t('pipelines:edit.else')}</span>
            <Button kind="quiet" onClick={() => onChange({ ...step, otherwise: undefined })}>
              {t('common:action.remove')}
            </Button>
          </div>
          <StepsEditor
            depth={depth + 1}
            steps={otherwise}
            onChange={(steps) => onChange({ ...step, otherwise: steps })}
          />
        </>
      )}
      <div className="row">
        <Button
          kind="quiet"
          onClick={() => onChange({ ...step, branches: [...branches, { when: '', steps: [] }] })}
        >
          {t('pipelines:edit.addElseIf')}
        </Button>
        {otherwise === undefined && (
          <Button kind="quiet" onClick={() => onChange({ ...step, otherwise: [] })}>
            {t('pipelines:edit.addElse')}
          </Button>
        )}
      </div>
    </>
  );
}
