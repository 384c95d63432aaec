import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { chosenLanguage } from '../../../client/web/frame/languages.ts';
import { PHASES } from '../../../client/web/service/election-view.ts';
import { UNIT_STATES } from '../../../client/web/service/results-view.ts';
import { PRESET_NAMES } from '../../../protocol/ballot/presets.ts';
import { CHECK_TITLES } from '../../../protocol/checks/titles.ts';
import { sourceFiles } from '../../architecture/imports.ts';

const ROOT = join(import.meta.dirname, '../../..');
const LANGUAGES = ['en', 'fr', 'ru'] as const;

interface Texts {
  readonly [name: string]: string | Texts;
}

function flat(texts: Texts, prefix = ''): [string, string][] {
  return Object.entries(texts).flatMap(([name, value]) =>
    typeof value === 'string' ? [[prefix + name, value] as [string, string]] : flat(value, `${prefix}${name}.`),
  );
}

const texts = Object.fromEntries(
  LANGUAGES.map((language) => [
    language,
    new Map(flat(JSON.parse(readFileSync(join(ROOT, `client/web/locales/${language}.json`), 'utf8')) as Texts)),
  ]),
) as Record<(typeof LANGUAGES)[number], Map<string, string>>;

/** A key without the ending that Intl.PluralRules chooses. */
const base = (key: string): string => key.replace(/_(?:one|few|many|other)$/u, '');
const placeholders = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/gu)].map(([, name]) => name!).sort();

describe('the texts of the web client', () => {
  it.each(LANGUAGES)('in %s are those of all languages, with every plural form that the language has', (language) => {
    const bases = (of: Map<string, string>): string[] => [...new Set([...of.keys()].map(base))].sort();
    expect(bases(texts[language])).toEqual(bases(texts.en));
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const key of [...texts.en.keys()].filter((each) => each.endsWith('_other')).map(base))
      expect({ key, forms: forms.filter((form) => !texts[language].has(`${key}_${form}`)) }).toEqual({
        key,
        forms: [],
      });
  });

  it.each(LANGUAGES)('in %s have the same placeholders, and none is empty', (language) => {
    for (const [key, text] of texts[language]) {
      const other = texts.en.get(key) ?? texts.en.get(`${base(key)}_other`) ?? '';
      expect({ key, names: placeholders(text), empty: text.trim() === '' }).toEqual({
        key,
        names: placeholders(other),
        empty: false,
      });
    }
  });

  it('have every key that a source names, and no key that none does', () => {
    const sources = sourceFiles(ROOT, 'client/web')
      .map((file) => readFileSync(join(ROOT, file), 'utf8'))
      .join('\n');
    const keys = [...new Set([...texts.en.keys()].map(base))];
    const named = [...sources.matchAll(/'([a-z-]+(?:\.[a-z-]+)+)'/gu)].map(([, key]) => key!);
    const made = [...sources.matchAll(/`([a-z.-]+)\$\{[^}]*\}([a-z.-]*)`/gu)].map(
      ([, before, after]) => [before!, after!] as const,
    );
    const isMade = (key: string): boolean =>
      made.some(([before, after]) => before.includes('.') && key.startsWith(before) && key.endsWith(after));
    const isNamed = (key: string): boolean => named.includes(key) || isMade(key);
    expect(keys.filter((key) => !isNamed(key))).toEqual([]);
    const groups = new Set(keys.map((key) => key.split('.')[0]));
    expect(named.filter((key) => groups.has(key.split('.')[0]) && !keys.includes(key))).toEqual([]);
  });

  it('name every phase, state of a unit, preset and check', () => {
    const wanted = [
      ...PHASES.map((phase) => `phase.${phase}`),
      ...UNIT_STATES.map((state) => `results.state.${state}`),
      ...PRESET_NAMES.map((preset) => `preset.${preset}`),
      ...CHECK_TITLES.flatMap(({ name }) => [`check.${name}.title`, `check.${name}.meaning`]),
    ];
    expect(wanted.filter((key) => !texts.en.has(key))).toEqual([]);
  });

  it('of checks are in English those of the command', () => {
    for (const { name, title, meaning } of CHECK_TITLES)
      expect([texts.en.get(`check.${name}.title`), texts.en.get(`check.${name}.meaning`)]).toEqual([title, meaning]);
  });
});

describe('chosenLanguage', () => {
  it.each([
    ['?lang=fr', 'ru', ['en-US'], 'fr'],
    ['', 'ru', ['en-US'], 'ru'],
    ['?lang=xx', null, ['de-DE', 'fr-CA', 'en'], 'fr'],
    ['?lang=__proto__', 'constructor', [], 'en'],
  ] as const)('of %j, kept %j and wanted %j is %s', (search, kept, wanted, language) => {
    expect(chosenLanguage(search, kept, wanted)).toBe(language);
  });
});
