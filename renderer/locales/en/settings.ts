import type { SameKeys } from '../same-keys.ts';
import type { settings as keys } from '../zh-CN/settings.ts';

/** English texts of the settings and of the first-run wizard. */
export const settings: SameKeys<typeof keys> = {
  title: 'Settings',
  filter: 'Search settings…',
  noMatch: 'No setting matches "{{text}}"',
  site: {
    title: 'Site',
    name: 'Site name',
    nameHint: 'Shown in the top bar, in reports and exports',
    nameBad: 'The name has 1 to 80 characters',
    classification: 'Classification label',
    classificationHint:
      'Shown in the top bar, printed on every page, and part of the names of exported files; empty for none',
    saved: 'Saved',
  },
  appearance: {
    title: 'Language and theme',
    language: 'Language',
    theme: 'Theme',
  },
  storage: {
    title: 'Data and storage',
    folder: 'Data folder',
    disk: 'Disk',
    diskValue: '{{free}} free of {{total}}',
    metrics: 'Metrics store',
    metricsValue: '{{bytes}}, {{series}} series, {{samples}} samples',
    retention: 'Metrics are kept for',
    partitionTable: 'Partitions of the metrics store',
    file: 'File',
    from: 'From',
    to: 'To',
    series: 'Series',
    samples: 'Samples',
    bytes: 'Size',
    noPartitions: 'No sealed partition yet; recent data is in the head file.',
  },
  import: {
    title: 'Import',
    prometheus: 'Import prometheus.yml',
    prometheusBody: 'Takes the targets of a Prometheus you have into the list of hosts.',
    logs: 'Add log source',
    logsBody: 'Reads log files of this workstation from their beginning and follows them.',
  },
  about: {
    title: 'About',
    version: 'Console version',
    engine: 'Engine',
    engineValue: 'version {{version}}, process {{pid}}, running since {{since}}',
    engineUse: 'Engine uses',
    engineUseValue: '{{cpu}} s of CPU in all, {{rss}} of memory',
    runtime: 'Runtime',
    platform: 'Platform',
    devRuntime: 'This runtime is for development; it is past its end of life and not fit for production.',
    offline:
      'The console never goes to the internet; it connects only to the addresses in the list of hosts.',
    firstRun: 'Run the first set-up again',
    copy: 'Copy version details',
  },
  firstRun: {
    title: 'First set-up',
    site: 'Site name',
    watched: 'What is watched',
    done: 'Done',
    siteIntro: 'Name this site, so that reports and shift notes say where they are from.',
    watchedIntro:
      'This workstation is watched already, without any set-up. Add the other parts of the HMTT system now, or later.',
    watchedNow:
      'Watched now: hosts {{hosts}}, targets {{targets}}, log sources {{sources}}, backup plans {{plans}}.',
    addHost: 'Add host',
    importFile: 'Import prometheus.yml',
    addLogs: 'Add log source',
    addPlan: 'New backup plan',
    doneBody:
      '"{{name}}" is ready. Closing the window keeps watching; to end the console, use the menu of its tray icon.',
    doneNoTray: '"{{name}}" is ready. The engine watches in the background.',
    toOverview: 'Open the overview',
    offer: 'The first set-up is not done',
    offerBody: 'Name the site and choose what is watched; it takes about a minute.',
    start: 'Start',
    later: 'Later',
  },
};
