// Packages that ship no types. Only their adapters import them, and each adapter states the shapes it relies on.
declare module 'snarkjs';
declare module 'circom_runtime';
declare module 'ffjavascript';
declare module 'circomlibjs';
declare module 'solc';
declare module 'circom_tester';
declare module 'cli-progress';
