export const POSEIDON: string;
export const CONSTANTS: string;
declare const constants: Readonly<Record<string, readonly unknown[]>>;
export default constants;
