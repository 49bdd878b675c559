import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { DashboardSummary } from '#shared/contract/dashboards.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { NumberField } from '../edit/field-inputs.tsx';
import { wallAddress } from './wall-params.ts';

export type WallDialogProps = {
  readonly dashboards: readonly DashboardSummary[];
  readonly onClose: () => void;
};

/** Which dashboards hang on the wall, and how long each. */
export function WallDialog({ dashboards, onClose }: WallDialogProps) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const [chosen, setChosen] = useState<readonly string[]>(() => dashboards.slice(0, 1).map(({ uid }) => uid));
  const [seconds, setSeconds] = useState(30);
  const address = wallAddress(chosen, seconds, new URLSearchParams(location.search));
  return (
    <Overlay kind="dialog" title={t('dashboards:wall.title')} onClose={onClose}>
      <p className="soft">{t('dashboards:wall.about')}</p>
      <fieldset className="fields">
        <legend>{t('dashboards:wall.boards')}</legend>
        {dashboards.map(({ uid, title }) => (
          <label key={uid} className="row">
            <input
              type="checkbox"
              checked={chosen.includes(uid)}
              onChange={(event) =>
                setChosen(event.target.checked ? [...chosen, uid] : chosen.filter((one) => one !== uid))
              }
            />
            {localize(title, language)}
          </label>
        ))}
      </fieldset>
      <NumberField
        label={t('dashboards:wall.seconds')}
        value={seconds}
        min={5}
        max={3_600}
        whole
        nullable={false}
        onChange={(value) => setSeconds(value ?? 30)}
      />
      <div className="row">
        <Button
          kind="primary"
          disabled={address === null}
          onClick={() => {
            if (address !== null) void navigate(address);
          }}
        >
          {t('dashboards:wall.start')}
        </Button>
        <Button onClick={onClose}>{t('common:action.cancel')}</Button>
      </div>
    </Overlay>
  );
}
