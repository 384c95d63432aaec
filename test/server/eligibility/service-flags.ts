import type { EligibilitySettings } from '../../../server/eligibility/settings.ts';

/** Settings as a process is given them, on a port of its own: lists with commas, and nothing of what is empty. */
export function serviceFlags(settings: EligibilitySettings): Record<string, string> {
  const given = Object.entries(settings).filter(([name, value]) => value !== '' && name !== 'port');
  return Object.fromEntries(
    given.map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : String(value)] as const),
  );
}
