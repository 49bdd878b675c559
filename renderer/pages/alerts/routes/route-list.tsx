import type { NotifyConfig, Route } from '#shared/contract/notify-config.ts';
import { Button } from '../../../components/button.tsx';
import { Icon } from '../../../components/icon.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import {
  type EffectiveRoute,
  effectiveRoutes,
  moveRoute,
  type RoutePath,
  removeRoute,
  routeNumber,
} from './route-tree.ts';
import { matchersWords, type Names, routeWords, severityOf } from './route-words.ts';

export type RouteListProps = {
  readonly config: NotifyConfig;
  readonly names: Names;
  readonly onEdit: (path: RoutePath) => void;
  /** A new route below this one. */
  readonly onAdd: (path: RoutePath) => void;
  /** The whole tree, changed. */
  readonly onChange: (route: Route) => void;
};

/** Every route as a sentence, in the order they are tried; the root is what is left. */
export function RouteList(props: RouteListProps) {
  const { t } = useTranslation();
  return (
    <ol className="routes" aria-label={t('alerts:routes.title')} data-testid="routes">
      {effectiveRoutes(props.config).map((one) => (
        <li
          key={routeNumber(one.path)}
          className="route"
          style={{ marginInlineStart: Math.max(0, one.path.length - 1) * 24 }}
        >
          <RouteLine {...props} one={one} />
        </li>
      ))}
    </ol>
  );
}

/** Whether a route's remark only repeats the severity that its sentence says. */
function isRedundant({ title, matchers }: Route): boolean {
  return matchers.some((matcher) => severityOf(matcher) === title);
}

function RouteLine({
  config,
  names,
  one,
  onEdit,
  onAdd,
  onChange,
}: RouteListProps & { readonly one: EffectiveRoute }) {
  const { t } = useTranslation();
  const { path, route } = one;
  const isRoot = path.length === 0;
  const number = routeNumber(path);
  const label = isRoot ? t('alerts:routes.rest') : number;
  return (
    <>
      <span className="route-number figure">{isRoot ? '∗' : number}</span>
      <span className="route-text">
        <span>
          <strong>{isRoot ? t('alerts:routes.rest') : matchersWords(t, route.matchers)}</strong>
          {route.title !== '' && !isRedundant(route) && <span className="soft"> — {route.title}</span>}
        </span>
        <span>
          <span aria-hidden="true">→ </span>
          {routeWords(t, one, config, names)}
        </span>
      </span>
      <span className="row nowrap">
        {!isRoot && (
          <>
            <Button
              kind="quiet"
              aria-label={t('alerts:routes.up', { number })}
              disabled={path.at(-1) === 0}
              onClick={() => onChange(moveRoute(config.route, path, -1))}
            >
              <Icon name="up" size={12} />
            </Button>
            <Button
              kind="quiet"
              aria-label={t('alerts:routes.down', { number })}
              onClick={() => onChange(moveRoute(config.route, path, 1))}
            >
              <Icon name="down" size={12} />
            </Button>
          </>
        )}
        <Button kind="quiet" aria-label={`${t('alerts:edit')} ${label}`} onClick={() => onEdit(path)}>
          {t('alerts:edit')}
        </Button>
        {!isRoot && (
          <>
            <Button
              kind="quiet"
              aria-label={`${t('alerts:routes.addBelow')} ${number}`}
              onClick={() => onAdd(path)}
            >
              {t('alerts:routes.addBelow')}
            </Button>
            <Button
              kind="quiet"
              aria-label={`${t('common:action.remove')} ${label}`}
              onClick={() => onChange(removeRoute(config.route, path))}
            >
              {t('common:action.remove')}
            </Button>
          </>
        )}
      </span>
    </>
  );
}
