import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { Overlay } from '../components/drawer.tsx';
import { useRequest } from '../components/use-request.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { type Command, matchCommands, pathOfAddress, useCommands } from './commands.ts';
import { closeFloating } from './floating-store.ts';

/** The same empty list each time, so that nothing is made anew for it. */
const none: readonly never[] = [];

/** Ctrl K: type a few letters, Enter runs the first match. */
export function CommandPalette() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const list = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const hosts = useRequest('hosts.list', {});
  const searches = useRequest('logs.saved.list', {});
  const commands = useCommands(hosts.data?.hosts ?? none, searches.data?.searches ?? none);
  const found = useMemo((): readonly Command[] => {
    const address = pathOfAddress(text);
    const matching = matchCommands(commands, text).slice(0, 60);
    if (address === null) return matching;
    const title = t('common:palette.openAddress', { address });
    return [{ id: 'address', title, group: t('common:palette.pages'), to: address }, ...matching];
  }, [commands, text, t]);
  const chosen = Math.min(at, Math.max(0, found.length - 1));
  const run = (command: Command | undefined): void => {
    if (!command) return;
    closeFloating();
    if (command.to !== undefined) void navigate(command.to);
    else command.run?.();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setAt(Math.min(found.length - 1, chosen + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, chosen - 1));
    else if (event.key === 'Enter') run(found[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <Overlay kind="dialog" title={t('common:palette.title')} onClose={closeFloating}>
      <input
        className="input palette-input"
        data-testid="palette-input"
        data-autofocus
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={found[chosen] ? `${list}-${chosen}` : undefined}
        aria-label={t('common:palette.title')}
        placeholder={t('common:palette.placeholder')}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      {found.length === 0 && <p className="soft">{t('common:palette.empty')}</p>}
      <div id={list} role="listbox" aria-label={t('common:palette.title')} className="palette-list">
        {found.map((command, index) => (
          <div
            key={command.id}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className="palette-option"
            onPointerMove={() => setAt(index)}
            onClick={() => run(command)}
            onKeyDown={onKey}
          >
            <span>{command.title}</span>
            <span className="soft small">{command.group}</span>
          </div>
        ))}
      </div>
    </Overlay>
  );
}
