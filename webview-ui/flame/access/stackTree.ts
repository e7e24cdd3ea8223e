import type { FlameLayout } from '../../../src/core/flame/layouts/flameLayout';
import { childrenOf, pathTo, widthOf } from '../boxes/findBox';
import { displayText, element } from '../../common/dom';
import { shareOf } from '../../../src/core/words/shares';
import { formatValue } from '../../../src/core/words/measures';
import { placeOf, type PageModel } from '../model/pageModel';
import { text } from '../model/strings';

/** A million boxes are no tree that anyone could walk: of these, the ones around the selection are listed. */
const MOST_PER_LEVEL = 40;

interface Item {
  readonly box: number;
  readonly level: number;
  readonly position: number;
  readonly size: number;
  readonly expanded: boolean | undefined;
}

export interface StackTree {
  readonly element: HTMLElement;
  /** `box` -1 lists the root and what it calls. */
  show(model: PageModel, layout: FlameLayout | undefined, box: number): void;
  hasFocus(): boolean;
  focus(): void;
}

/**
 * What a screen reader gets instead of the canvas: the selected stack, its neighbours and what it calls, as a tree whose one
 * tab stop is the selected frame. Keys are those of the page, so that eyes and ears walk the same way.
 */
export function createStackTree(selected: (box: number) => void, focusChanged: () => void): StackTree {
  const tree = element('div', {
    class: 'visually-hidden stack-tree',
    attributes: { role: 'tree', 'aria-label': text('flame.tree') },
  });
  let current: HTMLElement | undefined;
  tree.addEventListener('click', (event) => {
    const item = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-box]') : null;
    if (item) selected(Number(item.dataset.box));
  });
  tree.addEventListener('focusin', focusChanged);
  tree.addEventListener('focusout', focusChanged);

  return {
    element: tree,
    show: (model, layout, box) => {
      const hadFocus = tree.contains(document.activeElement);
      const { result } = model;
      if (!layout || !result || layout.frames.length === 0) {
        tree.replaceChildren();
        current = undefined;
        return;
      }
      const at = Math.max(0, box);
      const items = itemsAround(layout, at);
      const nodes = items.map((item) => {
        const label = itemText(model, layout, item.box);
        const isCurrent = item.box === at;
        return element(
          'div',
          {
            attributes: {
              role: 'treeitem',
              tabindex: isCurrent ? '0' : '-1',
              'aria-level': String(item.level),
              'aria-posinset': String(item.position),
              'aria-setsize': String(item.size),
              'aria-expanded': item.expanded === undefined ? undefined : String(item.expanded),
              'aria-selected': String(isCurrent && box >= 0),
              'data-box': String(item.box),
            },
          },
          label,
        );
      });
      tree.replaceChildren(...nodes);
      current = nodes[items.findIndex((item) => item.box === at)];
      if (hadFocus) current?.focus({ preventScroll: true });
    },
    hasFocus: () => tree.contains(document.activeElement),
    focus: () => current?.focus({ preventScroll: true }),
  };
}

function itemText(model: PageModel, layout: FlameLayout, box: number): string {
  const result = model.result!;
  const { unit } = result.measure;
  const total = widthOf(layout, box);
  const name = displayText(placeOf(model, layout.frames[box]).name, 200);
  return text(
    'tree.item',
    name,
    formatValue(total, unit),
    shareOf(total, result.total),
    formatValue(layout.selfs[box], unit),
  );
}

/** The path with its last level in full (as far as it is listed), then what the selected box calls. */
function itemsAround(layout: FlameLayout, box: number): Item[] {
  const path = pathTo(layout, box);
  const items: Item[] = path
    .slice(0, -1)
    .map((each, depth) => ({ box: each, level: depth + 1, position: 1, size: 1, expanded: true }));
  const level = path.length;
  const parent = path.at(-2);
  const siblings = parent === undefined ? ([box, box + 1] as const) : childrenOf(layout, parent);
  const [start, end] = windowAround(siblings[0], siblings[1], box);
  const [childStart, childEnd] = childrenOf(layout, box);
  for (let sibling = start; sibling < end; sibling++) {
    const isSelf = sibling === box;
    const [first, last] = isSelf ? [childStart, childEnd] : childrenOf(layout, sibling);
    items.push({
      box: sibling,
      level,
      position: sibling - siblings[0] + 1,
      size: siblings[1] - siblings[0],
      expanded: last > first ? isSelf : undefined,
    });
    if (!isSelf) continue;
    for (const child of widest(layout, childStart, childEnd)) {
      const [grandFirst, grandLast] = childrenOf(layout, child);
      const expanded = grandLast > grandFirst ? false : undefined;
      items.push({
        box: child,
        level: level + 1,
        position: child - childStart + 1,
        size: childEnd - childStart,
        expanded,
      });
    }
  }
  return items;
}

function windowAround(start: number, end: number, box: number): readonly [number, number] {
  const from = Math.max(start, box - MOST_PER_LEVEL / 2);
  return [from, Math.min(end, from + MOST_PER_LEVEL)];
}

/** In the order in which they are drawn. */
function widest(layout: FlameLayout, start: number, end: number): number[] {
  const boxes = Array.from({ length: Math.min(end - start, 5000) }, (_, at) => start + at);
  if (boxes.length <= MOST_PER_LEVEL) return boxes;
  return boxes
    .sort((a, b) => widthOf(layout, b) - widthOf(layout, a))
    .slice(0, MOST_PER_LEVEL)
    .sort((a, b) => a - b);
}
