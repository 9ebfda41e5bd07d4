// What a click on a service in a legend hides: all the others; with Shift it hides or shows that service alone. Pure.

export function hiddenAfterClick(hidden: readonly string[], names: readonly string[], clicked: string, isToggle: boolean): string[] {
  if (isToggle) return hidden.includes(clicked) ? hidden.filter((name) => name !== clicked) : [...hidden, clicked];
  const others = names.filter((name) => name !== clicked);
  // A second click on the only service that is shown shows all again.
  const isAlone = others.every((name) => hidden.includes(name)) && !hidden.includes(clicked);
  return isAlone ? [] : others;
}
