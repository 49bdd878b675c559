import type { DashboardAnnotation } from '#shared/domain/dashboard/model.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import { Icon } from '../../components/icon.tsx';
import { Menu } from '../../components/menu.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { isShown } from './use-board-marks.ts';
import type { BoardParams } from './use-board-params.ts';

export type BoardMarksProps = {
  readonly annotations: readonly DashboardAnnotation[];
  readonly params: BoardParams;
};

/** Switches what is marked on the time axis; nothing where the dashboard marks nothing. */
export function BoardMarks({ annotations, params }: BoardMarksProps) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const offered = annotations
    .map((annotation, place) => ({ annotation, place }))
    .filter(({ annotation }) => !annotation.hidden && annotation.source.of !== 'gaps');
  if (offered.length === 0) return null;
  return (
    <Menu
      label={t('dashboards:marks.title')}
      className="btn"
      face={
        <>
          {t('dashboards:marks.short')} <Icon name="down" size={10} />
        </>
      }
    >
      <div className="variable-options">
        {offered.map(({ annotation, place }) => (
          <label key={place} className="variable-option">
            <input
              type="checkbox"
              checked={isShown(annotation, place, params.switched)}
              onChange={() => params.switchMarks(place)}
            />
            {localize(annotation.name, language)}
          </label>
        ))}
      </div>
    </Menu>
  );
}
