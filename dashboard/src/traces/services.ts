// The services seen so far. Each has an index on this page, and a number that chooses its colour.

const names: string[] = [];
const numbers: number[] = [];
const indexes = new Map<string, number>();

/** The index of a service, new or known. The server's number for it wins; without one it is numbered in order of appearance. */
export function registerService(name: string, number?: number): number {
  let index = indexes.get(name);
  if (index === undefined) {
    index = names.length;
    indexes.set(name, index);
    names.push(name);
    numbers.push(number ?? index);
  } else if (number !== undefined) {
    numbers[index] = number;
  }
  return index;
}

export const serviceName = (index: number): string => names[index] ?? '';
export const serviceNumber = (index: number): number => numbers[index] ?? 0;
export const serviceCount = (): number => names.length;
export const findService = (name: string): number | undefined => indexes.get(name);
