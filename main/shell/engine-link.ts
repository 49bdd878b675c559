import { MessageChannelMain, type MessagePortMain } from 'electron';
import type { DesktopNotice } from '#shared/contract/channels.ts';
import { createEngineClient, type EngineClient, type Transport } from '#shared/contract/client.ts';
import type { RequestInput } from '#shared/contract/index.ts';
import type { Job } from '#shared/contract/jobs.ts';
import type { PrintedDocument } from '#shared/contract/shell.ts';
import type { SiteStatus } from '#shared/contract/site.ts';
import type { Result } from '#shared/errors/index.ts';
import type { Logger } from '../engine/platform/logger.ts';
import type { Shown } from './notifications.ts';

/** What the shell wants to hear of the engine. */
export type LinkListeners = {
  readonly onStatus: (status: SiteStatus) => void;
  /** Shows a notice; the engine sends it again until it is told that it was shown. */
  readonly onNotice: (notice: DesktopNotice) => Promise<Shown>;
  /** Whether something asks for the whole screen. */
  readonly onFullScreen: (wanted: boolean) => void;
  readonly onJob: (job: Job) => void;
};

/** The shell as a client of the engine: for tray, notifications and the machine's sleep. */
export type EngineLink = {
  /** Connects to an engine that has just been launched; its words come when it is ready. */
  readonly attach: (connect: (port: MessagePortMain) => boolean) => void;
  /** Tells the engine that the machine slept, UTC milliseconds. */
  readonly slept: (from: number, to: number) => void;
  /** From now on the engine may ask for PDFs of its scheduled reports. */
  readonly printWith: (makePdf: MakePdf) => void;
};

/** Lays a document out and makes a PDF of it. */
type MakePdf = (document: PrintedDocument) => Promise<Result<Buffer>>;

/** Makes the link; `attach` is to be called for every engine anew. */
export function createEngineLink(listeners: LinkListeners, log: Logger): EngineLink {
  let client: EngineClient | null = null;
  let makePdf: MakePdf | null = null;
  const offerPrinting = (): void => {
    if (makePdf !== null) void client?.call('dashboards.renderer', {});
  };
  return {
    printWith: (make) => {
      makePdf = make;
      offerPrinting();
    },
    attach: (connect) => {
      const { port1, port2 } = new MessageChannelMain();
      if (!connect(port1)) return;
      const fresh = createEngineClient(mainTransport(port2));
      client = fresh;
      fresh.on('site.status', listeners.onStatus);
      // The one way from a problem to the desktop: routes and settings have decided, the engine hears what came of it.
      fresh.on('channels.desktop', (desktop) => {
        void listeners
          .onNotice(desktop)
          .then((shown) => fresh.call('channels.shown', { notice: desktop.notice.id, ...shown }));
      });
      fresh.on('notify.fullScreen', ({ notices }) => listeners.onFullScreen(notices.length > 0));
      void fresh.call('channels.attachDesktop', {});
      void fresh.call('notify.fullScreen', {}).then((answer) => {
        if (answer.ok) listeners.onFullScreen(answer.value.notices.length > 0);
      });
      fresh.on('jobs.changed', listeners.onJob);
      fresh.on('dashboards.wanted', ({ id, view, language }) => {
        if (makePdf !== null)
          void makePdf({ kind: 'dashboard', id: view, lang: language }).then((pdf) =>
            fresh.call('dashboards.rendered', { id, answer: pdfAnswer(pdf) }),
          );
      });
      offerPrinting();
      void fresh.call('site.status', {}).then((answer) => {
        if (answer.ok) listeners.onStatus(answer.value);
        else log.log('warn', 'the engine gave no status', { code: answer.error.code });
      });
      void fresh.call('jobs.list', {}).then((answer) => {
        if (answer.ok) for (const job of answer.value.jobs) listeners.onJob(job);
        else log.log('warn', 'the engine listed no jobs', { code: answer.error.code });
      });
    },
    slept: (from, to) => {
      void client?.call('site.slept', { from, to }).then((answer) => {
        if (!answer.ok) log.log('warn', 'the engine was not told of sleep', { code: answer.error.code });
      });
    },
  };
}

/** A PDF as it crosses to the engine, which has no window and so no PDF of its own making. */
function pdfAnswer(pdf: Result<Buffer>): RequestInput<'dashboards.rendered'>['answer'] {
  return pdf.ok ? { ok: true, pdf: pdf.value.toString('base64') } : { ok: false, error: pdf.error };
}

function mainTransport(port: MessagePortMain): Transport {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', (event) => listener(event.data));
      port.start();
    },
    onClose: (listener) => port.once('close', listener),
  };
}
