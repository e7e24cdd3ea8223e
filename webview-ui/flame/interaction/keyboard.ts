import type { ViewKind } from '../../../src/core/flame/view/viewOptions';

/** What a key asks for, wherever on the page it was pressed. */
export type KeyCommand =
  | 'zoomIn'
  | 'zoomOut'
  | 'panLeft'
  | 'panRight'
  | 'rowsUp'
  | 'rowsDown'
  | 'reset'
  | 'caller'
  | 'callee'
  | 'previousSibling'
  | 'nextSibling'
  | 'root'
  | 'zoomToSelected'
  | 'open'
  | 'openToSide'
  | 'find'
  | 'nextMatch'
  | 'previousMatch'
  | 'help'
  | { readonly view: ViewKind };

export const VIEW_ORDER: readonly ViewKind[] = [
  'timeOrder',
  'leftHeavy',
  'inverted',
  'sandwich',
  'table',
  'difference',
];

const plain: Readonly<Record<string, KeyCommand>> = {
  w: 'zoomIn',
  s: 'zoomOut',
  a: 'panLeft',
  d: 'panRight',
  '+': 'zoomIn',
  '=': 'zoomIn',
  '-': 'zoomOut',
  '0': 'reset',
  escape: 'reset',
  pageup: 'rowsUp',
  pagedown: 'rowsDown',
  arrowup: 'caller',
  arrowdown: 'callee',
  arrowleft: 'previousSibling',
  arrowright: 'nextSibling',
  home: 'root',
  z: 'zoomToSelected',
  ' ': 'zoomToSelected',
  enter: 'open',
  '/': 'find',
  f3: 'nextMatch',
  n: 'nextMatch',
  p: 'previousMatch',
  '?': 'help',
};

/** Undefined for keys that are not ours: letters with Ctrl belong to the editor, all keys in a text field to the text. */
export function keyCommand(event: KeyboardEvent): KeyCommand | undefined {
  const key = event.key.toLowerCase();
  const control = event.ctrlKey || event.metaKey;
  if (control && !event.altKey && key === 'f') return 'find';
  if (key === 'f3') return event.shiftKey ? 'previousMatch' : 'nextMatch';
  if (control && key === 'enter') return 'openToSide';
  if (control || event.altKey) return undefined;
  const view = VIEW_ORDER[Number(key) - 1];
  return view && key.length === 1 ? { view } : plain[key];
}
