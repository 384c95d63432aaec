import i18next from 'i18next';
import type { i18n } from 'i18next';

/** The visitors' languages; a definition's titles have the same ones. */
export const LANGUAGES = { en: 'English', fr: 'Français', ru: 'Русский' } as const;
export type Language = keyof typeof LANGUAGES;

const KEPT = 'urna-language';
const texts = {
  en: () => import('../locales/en.json'),
  fr: () => import('../locales/fr.json'),
  ru: () => import('../locales/ru.json'),
} as const;

export function isLanguage(text: string | null | undefined): text is Language {
  return text !== null && text !== undefined && Object.hasOwn(LANGUAGES, text);
}

/** The language that the address asks for (`?lang=fr`), else the one chosen before, else the first of the browser's that there is. */
export function chosenLanguage(search: string, kept: string | null, wanted: readonly string[]): Language {
  const asked = new URLSearchParams(search).get('lang');
  const candidates = [asked, kept, ...wanted.map((tag) => tag.split('-')[0]?.toLowerCase())];
  return candidates.find(isLanguage) ?? 'en';
}

/** Storage that a browser may refuse: a language then lasts as long as the page. */
export function keptLanguage(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

export function keepLanguage(language: Language): void {
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // Nothing depends on it.
  }
}

/** The texts in one language; a key that is missing shows itself, and a test finds it. */
export async function loadTexts(language: Language): Promise<i18n> {
  const { default: translation } = await texts[language]();
  const instance = i18next.createInstance();
  await instance.init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation } },
    // Texts become text nodes: what escapes twice is shown escaped.
    interpolation: { escapeValue: false },
  });
  return instance;
}
