/** Addresses inside the app of what the alerts pages show; the engine puts them into notices and stories. */
export const alertLinks = {
  alert: (id: string): string => `/alerts/${encodeURIComponent(id)}`,
  silence: (id: string): string => `/alerts?tab=silences&id=${encodeURIComponent(id)}`,
  maintenance: (id: string): string => `/alerts?tab=silences&id=${encodeURIComponent(id)}`,
  routes: '/alerts?tab=routes',
  firing: '/alerts',
} as const;
