// One colour for each service, the same everywhere on the page. Colour never says anything alone.

const COLOURS = 10;
const numbers = new Map();

/** Gives colours to the services that have none, by name, so that a reload gives the same ones. */
export function learnServices(services) {
  for (const service of [...new Set(services)].sort()) serviceColour(service);
}

/** The custom property that holds the service's colour; after ten services colours come again. */
export function serviceColour(service) {
  if (!numbers.has(service)) numbers.set(service, numbers.size % COLOURS);
  return `--service-${numbers.get(service)}`;
}

/** The value of a custom property now: it follows the colour scheme. */
export function resolveColours(names) {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(name).trim()]));
}
