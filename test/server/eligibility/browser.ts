/** As much of a browser as a login takes: cookies by host, redirections, forms. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();

  /** One request, without following where it leads. */
  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const { host } = new URL(url);
    const jar = this.#cookies.get(host) ?? new Map<string, string>();
    this.#cookies.set(host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string>), ...(cookie === '' ? {} : { cookie }) };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  /** Logs in at the provider as `name`. @returns the address of the callback, which is not called yet */
  async logIn(loginUrl: string, name: string, callbackUrl: string): Promise<string> {
    let [url, init]: [string, RequestInit] = [loginUrl, {}];
    for (let steps = 0; steps < 20; steps++) {
      if (url.startsWith(callbackUrl)) return url;
      const response = await this.fetch(url, init);
      const location = response.headers.get('location');
      if (location !== null) [url, init] = [new URL(location, url).href, {}];
      else [url, init] = answerForm(url, await response.text(), name);
    }
    throw new Error('the login leads nowhere');
  }
}

function answerForm(page: string, html: string, name: string): [string, RequestInit] {
  const action = /<form[^>]* action="([^"]+)"/u.exec(html)?.[1];
  const prompt = /name="prompt" value="([^"]+)"/u.exec(html)?.[1];
  if (action === undefined || prompt === undefined) throw new Error(`no form at ${page}: ${html.slice(0, 300)}`);
  const body = new URLSearchParams({ prompt, login: name, password: 'any' });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return [new URL(action, page).href, { method: 'POST', body: body.toString(), headers }];
}
