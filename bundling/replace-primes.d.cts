export function replacedPrimes(request: string, importer: string): string | undefined;
