import { RouterProvider } from 'react-router';
import { router } from './routes.tsx';

/** The window's whole content. */
export function App() {
  return <RouterProvider router={router} />;
}
