declare module 'virtual:urna-build' {
  /** Code sizes in bytes and keccak256 hashes of the contracts that this bundle was built with, by name. */
  export const build: Readonly<Record<string, { readonly codeBytes: number; readonly codeHash: `0x${string}` }>>;
}
