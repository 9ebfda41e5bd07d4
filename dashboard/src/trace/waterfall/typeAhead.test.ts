import { describe, expect, test } from 'vitest';

import { columnsFrom } from '../model/testing';
import { modelOf, type TraceModel } from '../model/traceModel';
import { showRows } from './shownRows';
import { findTyped, TypeAhead } from './typeAhead';

const showAll = (model: TraceModel) =>
  showRows(model.forest, { closed: new Uint8Array(model.forest.count), groups: model.groups, unfolded: new Set(), kept: null, hidden: null });

describe('typed letters', () => {
  const model = modelOf(columnsFrom([
    { id: '1', start: 0, end: 100, name: 'checkout' }, { id: '2', parent: '1', start: 1, end: 9, name: 'charge' },
    { id: '3', parent: '1', start: 10, end: 20, name: 'Choose' }, { id: '4', parent: '1', start: 30, end: 40, name: 'send', service: 'mailer' },
  ]));

  test('go to the next name that begins with them, around the end', () => {
    const shown = showAll(model);
    expect(findTyped(model, shown, 0, 'c')).toBe(1);
    expect(findTyped(model, shown, 1, 'c')).toBe(2);
    expect(findTyped(model, shown, 2, 'c')).toBe(0);
    expect(findTyped(model, shown, 1, 'cho')).toBe(2);
    expect(findTyped(model, shown, 0, 'mail')).toBe(3);
    expect(findTyped(model, shown, 0, 'x')).toBe(-1);
  });

  test('make a word while they come quickly; only inside a word a shortcut is a letter', () => {
    const typing = new TypeAhead();
    expect(typing.type('n', 0, false)).toBeNull();
    expect(typing.type('c', 0, true)).toBe('c');
    expect(typing.type('n', 500, false)).toBe('cn');
    expect(typing.type(' ', 600, true)).toBe('cn ');
    expect(typing.type('c', 2000, true)).toBe('c');
    expect(typing.type('Enter', 2001, true)).toBeNull();
    expect(typing.type(' ', 9000, true)).toBeNull();
  });
});
