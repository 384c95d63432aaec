// What the bundler gives under names that are no files.
declare module 'virtual:urna-build' {
  /** Code sizes in bytes and keccak256 hashes of the contracts that this bundle was built with, by name. */
  export const build: Readonly<Record<string, { readonly codeBytes: number; readonly codeHash: `0x${string}` }>>;
}
declare module '*?worker&inline' {
  const Inline: new () => Worker;
  // eslint-disable-next-line no-restricted-syntax -- the bundler's own form
  export default Inline;
}
declare module '*.css';
