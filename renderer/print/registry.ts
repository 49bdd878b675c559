import type { PrintModule } from './print-module.tsx';

/**
 * Every document that can be printed, by its kind in the address `/print/KIND/ID?lang=`. Each comes in a file of its
 * own, loaded when it is printed. A new kind is one line here and one file made with `definePrint`.
 */
export const printRegistry: Readonly<Record<string, () => Promise<PrintModule>>> = {
  dashboard: async () => (await import('./dashboard-document.tsx')).dashboardDocument,
  'key-sheet': async () => (await import('./key-sheet-document.tsx')).keySheetDocument,
  evidence: async () => (await import('./evidence-document.tsx')).evidenceDocument,
  drill: async () => (await import('./drill-document.tsx')).drillDocument,
  shift: async () => (await import('./shift-document.tsx')).shiftDocument,
  risks: async () => (await import('./risks-document.tsx')).risksDocument,
  run: async () => (await import('./runbook-document.tsx')).runDocument,
  runbook: async () => (await import('./runbook-document.tsx')).runbookDocument,
};
