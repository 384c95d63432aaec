/** A message of the ceremony as the contract took it; `time` is its block's. Signatures are checked elsewhere (SPEC §12.1). */
export type CeremonyMessage = { readonly attempt: number; readonly time: number } & (
  | { readonly kind: 'commit'; readonly trustee: number; readonly hash: bigint }
  | { readonly kind: 'reveal'; readonly trustee: number; readonly words: readonly bigint[] }
  | { readonly kind: 'deal'; readonly trustee: number; readonly bytes: Uint8Array }
  | { readonly kind: 'confirm'; readonly trustee: number; readonly transcript: bigint }
  | { readonly kind: 'accuse'; readonly trustee: number; readonly dealer: number; readonly lane: number }
  | {
      readonly kind: 'answer';
      /** The dealer. */
      readonly trustee: number;
      readonly accuser: number;
      readonly lane: number;
      readonly share: bigint;
    }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'finish' }
);

/** A message of one kind. */
export type MessageOf<Kind extends CeremonyMessage['kind']> = Extract<CeremonyMessage, { readonly kind: Kind }>;
