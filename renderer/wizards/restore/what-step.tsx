import { useId, useState } from 'react';
import type { ListedPoint } from '#shared/contract/backup.ts';
import { Button } from '../../components/button.tsx';
import { SelectField } from '../../components/select-field.tsx';
import { absoluteText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { BrowsePoint } from '../../pages/backups/browse-point.tsx';
import { FindFiles } from '../../pages/backups/find-files.tsx';
import { newestFirst, pointBadge } from '../../pages/backups/objective.ts';
import { type RestoreChoices, withPathToggled, withPoint, withWhat } from './choices.ts';
import { FileVersions } from './file-versions.tsx';

const modes = ['find', 'browse', 'everything'] as const;
type Mode = (typeof modes)[number];

export type ChoiceStepProps = {
  readonly choices: RestoreChoices;
  readonly points: readonly ListedPoint[];
  readonly change: (edit: (choices: RestoreChoices) => RestoreChoices) => void;
};

/** What is to come back: a file that is searched for, folders that are browsed, or everything of a plan. */
export function WhatStep({ choices, points, change }: ChoiceStepProps) {
  const { t } = useTranslation();
  const group = useId();
  const [mode, setMode] = useState<Mode>(choices.what?.kind === 'everything' ? 'everything' : 'find');
  return (
    <>
      <fieldset className="choices choice-row">
        <legend className="visually-hidden">{t('recovery:wizard.what.mode')}</legend>
        {modes.map((name) => (
          <label key={name} className="choice-card">
            <input
              type="radio"
              name={group}
              checked={mode === name}
              onChange={() => {
                setMode(name);
                if (name === 'everything' || choices.what?.kind === 'everything') {
                  change((old) => withWhat(old, null));
                }
              }}
            />
            <span className="choice-body">
              <strong>{t(`recovery:wizard.what.${name}`)}</strong>
              <span className="soft small">{t(`recovery:wizard.what.${name}Body`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {mode === 'find' && (
        <FindFiles
          selection={{
            isChosen: ({ path, plan }) =>
              choices.what?.kind === 'paths' &&
              choices.what.plan === plan &&
              choices.what.paths.includes(path),
            onToggle: ({ path, plan }) => change((old) => withPathToggled(old, plan, path)),
          }}
        />
      )}
      {mode === 'browse' && <Browse choices={choices} points={points} change={change} />}
      {mode === 'everything' && <Everything choices={choices} points={points} change={change} />}
      {mode !== 'everything' && <Chosen choices={choices} points={points} change={change} />}
    </>
  );
}

function Browse({ choices, points, change }: ChoiceStepProps) {
  const { t } = useTranslation();
  const there = newestFirst(points).filter((point) => point.state !== 'missing');
  const [pointId, setPointId] = useState(choices.when?.pointId ?? there[0]?.id ?? '');
  const point = there.find((candidate) => candidate.id === pointId);
  return (
    <>
      <SelectField
        label={t('recovery:wizard.what.point')}
        value={pointId}
        options={there.map((candidate) => [
          candidate.id,
          `${candidate.plan} · ${absoluteText(candidate.startedAt)} · ${t(`backups:points.badge.${pointBadge(candidate)}`)}`,
        ])}
        onChange={setPointId}
      />
      {point && (
        <BrowsePoint
          key={point.id}
          pointId={point.id}
          selection={{
            paths:
              choices.what?.kind === 'paths' && choices.what.plan === point.plan ? choices.what.paths : [],
            // Who browses a point most likely wants that point.
            onToggle: (path) => change((old) => withPoint(withPathToggled(old, point.plan, path), point)),
          }}
        />
      )}
    </>
  );
}

function Everything({ choices, points, change }: ChoiceStepProps) {
  const { t } = useTranslation();
  const group = useId();
  const plans = [...new Set(newestFirst(points).map((point) => point.plan))];
  return (
    <fieldset className="choices">
      <legend>{t('recovery:wizard.what.plan')}</legend>
      {plans.map((plan) => (
        <label key={plan} className="choice-card">
          <input
            type="radio"
            name={group}
            checked={choices.what?.kind === 'everything' && choices.what.plan === plan}
            onChange={() => change((old) => withWhat(old, { kind: 'everything', plan }))}
          />
          <span className="choice-body">
            <strong>{plan}</strong>
            <span className="soft small figure">
              {t('backups:plan.points', { count: points.filter((point) => point.plan === plan).length })}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** What was chosen so far, each with a way to leave it out again. */
function Chosen({ choices, points, change }: ChoiceStepProps) {
  const { t } = useTranslation();
  const { what } = choices;
  if (what?.kind !== 'paths' || what.paths.length === 0) return null;
  return (
    <section className="stack-small">
      <h3>{t('recovery:wizard.what.chosen', { count: what.paths.length, plan: what.plan })}</h3>
      <ul className="path-list chosen-paths">
        {what.paths.map((path) => (
          <li key={path} className="row">
            <span className="mono">{path}</span>
            <Button
              kind="quiet"
              aria-label={t('recovery:wizard.what.removeOf', { path })}
              onClick={() => change((old) => withPathToggled(old, what.plan, path))}
            >
              {t('common:action.remove')}
            </Button>
            <FileVersions
              path={path}
              plan={what.plan}
              chosenPoint={choices.when?.pointId ?? null}
              onChoose={(pointId) => {
                const point = points.find(({ id }) => id === pointId);
                if (point) change((old) => withPoint(old, point));
              }}
            />
          </li>
        ))}
      </ul>
      <p className="soft small">{t('recovery:wizard.what.otherPlan')}</p>
    </section>
  );
}
