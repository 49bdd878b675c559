import './app/validation.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { onEnginePort, onEngineState } from './app/early-port.ts';
import { askFirstQuestions } from './pages/overview/first-questions.ts';
import { startConnection } from './stores/connection.ts';
import { startJobs } from './stores/jobs.ts';
import { startPreferences } from './stores/preferences.ts';
import { startSite } from './stores/site.ts';
import { startSounds } from './stores/sounds.ts';

startPreferences();
startJobs();
askFirstQuestions();
startSite();
startSounds();
startConnection({ onEnginePort, onEngineState });

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

// What describes its hundred pieces is larger than all other styles; the first paint does not wait for it.
void import('./app/styles/chinese-font.css');
