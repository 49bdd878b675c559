import './app/early-port.ts';

// Everything else comes after the port has been asked for.
void import('./main.tsx');
