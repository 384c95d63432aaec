/** What a step took. */
export interface Lap {
  readonly name: string;
  /** Seconds since the one before. */
  readonly seconds: number;
}

export interface Voted {
  readonly laps: readonly Lap[];
  /** The step that was not reached in time; empty if all were. */
  readonly missed: string;
}

/**
 * Runs in the page (so it refers to nothing outside): from the list of contests to a ballot that is cast. Each step is taken as soon as the page
 * lets a person take it. Nothing is polled from outside: on a sixth of a core that would take most of it.
 *
 * @param isRead - whether the voter waits with casting until all is prepared, which is a lap of its own
 * @param limit - milliseconds for a step
 */
export async function voteInPage(isRead: boolean, limit: number): Promise<Voted> {
  const laps: Lap[] = [];
  let last = performance.now();
  const when = async <T>(name: string, found: () => T | null | undefined | false): Promise<T> => {
    const value = await new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(name)), limit);
      const look = (): boolean => {
        const now = found();
        if (now === null || now === undefined || now === false) return false;
        observer.disconnect();
        clearTimeout(timer);
        resolve(now);
        return true;
      };
      const observer = new MutationObserver(look);
      if (look()) return;
      observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    });
    laps.push({ name, seconds: (performance.now() - last) / 1000 });
    last = performance.now();
    return value;
  };
  const button = (text: string): HTMLButtonElement | undefined =>
    [...document.querySelectorAll('button')].find((each) => each.textContent.includes(text) && !each.disabled);
  const says = (text: string): boolean => document.body.textContent.includes(text);
  try {
    (
      await when('list of contests', () =>
        document.querySelector<HTMLButtonElement>('.contests button:not([disabled])'),
      )
    ).click();
    (await when('ballot paper', () => document.querySelector<HTMLInputElement>('.ballot input'))).click();
    (await when('choice', () => document.querySelector('.ballot input:checked') && button('Continue'))).click();
    (await when('slot', () => button('Encrypt my vote'))).click();
    const cast = await when('fingerprint', () => button('Cast this ballot'));
    if (isRead) await when('prepared', () => says('All is ready for your ballot'));
    cast.click();
    await when('proof', () => says('Your ballot is cast'));
    return { laps, missed: '' };
  } catch (error) {
    return { laps, missed: error instanceof Error ? error.message : String(error) };
  }
}
