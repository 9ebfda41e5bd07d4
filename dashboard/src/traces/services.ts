// The services seen so far. A service has a place here, and a number that chooses its colour.

const names: string[] = [];
const numbers: number[] = [];
const places = new Map<string, number>();

/** The place of a service. The server's number wins; without one, numbers follow the first sight. */
export function placeOf(name: string, number?: number): number {
  let place = places.get(name);
  if (place === undefined) {
    place = names.length;
    places.set(name, place);
    names.push(name);
    numbers.push(number ?? place);
  } else if (number !== undefined) {
    numbers[place] = number;
  }
  return place;
}

export const serviceName = (place: number): string => names[place] ?? '';
export const serviceNumber = (place: number): number => numbers[place] ?? 0;
export const serviceCount = (): number => names.length;
export const findPlace = (name: string): number | undefined => places.get(name);
