import type { i18n } from 'i18next';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Title } from '../../../protocol/definition/definition.ts';
import type { Language } from './languages.ts';

/** What a page says things with: texts, numbers and times in the visitor's language. */
export interface Speech {
  readonly language: Language;
  readonly say: (key: string, values?: Readonly<Record<string, string | number>>) => string;
  /** A title of a definition. */
  readonly title: (title: Title) => string;
  readonly number: (value: number) => string;
  /** A part of a whole, e.g. `41.5 %`; of nothing, a dash. */
  readonly share: (part: number, whole: number) => string;
  /** Names one after the other, e.g. `North, South and West`. */
  readonly list: (names: readonly string[]) => string;
  /** A Unix time in seconds, in the time zone of the device. */
  readonly time: (seconds: number) => string;
}

/** English here is not that of the United States: 23 November, and a day has 24 hours. */
const FORMATS: Readonly<Record<Language, string>> = { en: 'en-GB', fr: 'fr', ru: 'ru' };

/** A sign that belongs to its word, as French and Russian space them, does not begin a line, nor end one: whoever wrote a title had plain spaces. */
export function keepTogether(title: string): string {
  return title.replaceAll(/ (?=[?!;:»—–])|(?<=«) /gu, '\u00a0');
}

export function speechOf(language: Language, texts: i18n): Speech {
  const locale = FORMATS[language];
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  const names = new Intl.ListFormat(locale, { type: 'conjunction' });
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' });
  return {
    language,
    say: (key, values) => texts.t(key, { ...values }),
    title: (title) => keepTogether(title[language]),
    number: (value) => number.format(value),
    share: (part, whole) => (whole === 0 ? '–' : percent.format(part / whole)),
    list: (each) => names.format(each),
    time: (seconds) => time.format(new Date(seconds * 1000)),
  };
}

const context = createContext<Speech | undefined>(undefined);
export const SpeechProvider = context.Provider;

export function useSpeech(): Speech {
  const speech = useContext(context);
  if (speech === undefined) throw new Error('a part of a page outside of a page');
  return speech;
}
