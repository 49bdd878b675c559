import { Menu, type NativeImage, nativeImage, Tray } from 'electron';
import type { Language } from '#shared/contract/shell.ts';
import { drawStatusIcon, type IconStatus } from './status-icon.ts';
import { say } from './texts.ts';
import type { TrayStatus } from './tray-status.ts';

/** What the tray's menu does. */
export type TrayActions = { readonly open: () => void; readonly quit: () => void };

/** The icon in the notification area. */
export type StatusTray = { readonly show: (status: TrayStatus, language: Language) => void };

/** Puts the icon into the notification area. Call only where `findTray` (find-tray.ts) said that there is one. */
export function createTray(actions: TrayActions): StatusTray {
  const images = new Map<IconStatus, NativeImage>();
  const image = (status: IconStatus): NativeImage => {
    const known = images.get(status) ?? statusImage(status);
    images.set(status, known);
    return known;
  };
  const tray = new Tray(image('unknown'));
  tray.on('click', actions.open);
  let shown = '';
  return {
    show: ({ icon, line }, language) => {
      const key = `${icon} ${line} ${language}`;
      if (key === shown) return;
      shown = key;
      tray.setImage(image(icon));
      tray.setToolTip(`${say('appName', language)} — ${line}`);
      tray.setContextMenu(
        Menu.buildFromTemplate([
          { label: say('trayOpen', language), click: actions.open },
          { label: line, enabled: false },
          { type: 'separator' },
          { label: say('menuQuit', language), click: actions.quit },
        ]),
      );
    },
  };
}

/** The icon in the sizes of normal and of dense screens. */
function statusImage(status: IconStatus): NativeImage {
  const image = nativeImage.createEmpty();
  for (const scaleFactor of [1, 2]) {
    const size = 22 * scaleFactor;
    const buffer = Buffer.from(drawStatusIcon(status, size));
    const bitmap = nativeImage.createFromBitmap(buffer, { width: size, height: size, scaleFactor });
    image.addRepresentation({ scaleFactor, dataURL: bitmap.toDataURL({ scaleFactor }) });
  }
  return image;
}
