// The colours of services. None is red: red means error, and always comes with a shape.

export type ThemeName = 'light' | 'dark';

/** By the number of the service. The first ones are the easiest to tell apart, for colour-blind people too. */
export const SERVICE_COLOURS: Record<ThemeName, readonly string[]> = {
  light: [
    '#2563eb', '#b9630a', '#0d8a7f', '#9333ea', '#4d7c0f', '#0b7ea4', '#c026d3', '#8a6d00', '#475569', '#15803d',
    '#1e3a9e', '#97503a', '#305c55', '#7276f8', '#5f0d6f', '#3585c9', '#a22488', '#6d650f', '#84708a', '#19434f',
  ],
  dark: [
    '#6ea8fe', '#f5a94c', '#2dd4bf', '#b48cfa', '#a3d65c', '#4cc9f0', '#ee8cf5', '#d8bd5a', '#a8b3c4', '#5fd38a',
    '#8091ff', '#eca57d', '#86b8a8', '#7c70e8', '#cf84d8', '#2f8fd0', '#c865ae', '#b9b27a', '#b9a4c4', '#3fa8a0',
  ],
};

export const ERROR_COLOURS: Record<ThemeName, { fill: string; edge: string }> = {
  light: { fill: '#d9162b', edge: '#5c0710' },
  dark: { fill: '#ff5d68', edge: '#3d060b' },
};

export const GROUNDS: Record<ThemeName, { ground: string; raised: string; dimmed: string }> = {
  light: { ground: '#ffffff', raised: '#f7f8fa', dimmed: '#d5d9e0' },
  dark: { ground: '#12151b', raised: '#191d25', dimmed: '#363d49' },
};

export function serviceColour(number: number, theme: ThemeName): string {
  const colours = SERVICE_COLOURS[theme];
  return colours[number % colours.length];
}
