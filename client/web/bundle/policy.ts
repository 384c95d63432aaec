/** Sources of script and style besides what every page may do. */
interface Own {
  readonly script: string;
  readonly style: string;
  /** Where the page's own files are asked for; none for a page that is one file. */
  readonly self: string;
}

/**
 * What a page may do (Content-Security-Policy): run its scripts, WebAssembly and workers among them, and ask services of the election. `https:`
 * because which boxes and eligibility servers there are is the election's matter, and the bundle is for all elections; http for programs on
 * one's own machine only.
 */
export function policyOf({ script, style, self }: Own): string {
  return [
    "default-src 'none'",
    `script-src ${script} 'wasm-unsafe-eval'`,
    `worker-src ${self} blob:`,
    `style-src ${style}`,
    `img-src ${self} data:`,
    `connect-src ${self} https: http://localhost:* http://127.0.0.1:*`,
    "base-uri 'none'",
    "form-action 'none'",
  ]
    .join('; ')
    .replaceAll('  ', ' ');
}
