/** What a hand does on a drawing. Places are CSS pixels from the element's top left corner. */
export interface PointerActions {
  panned(pixelsRight: number, pixelsDown: number): void;
  /** `factor` above 1 shows less. */
  zoomed(factor: number, x: number): void;
  hovered(x: number, y: number): void;
  left(): void;
  clicked(x: number, y: number, how: { readonly open: boolean; readonly toSide: boolean }): void;
  doubleClicked(x: number, y: number): void;
}

/** A hand that trembles still clicks. */
const CLICK_TOLERANCE = 4;
const PIXELS_PER_LINE = 16;

/**
 * Ctrl or Cmd + wheel (which is also what browsers make of a pinch on a touchpad) zooms at the pointer, a plain wheel pans,
 * with Shift sideways; dragging pans, two fingers on a screen zoom.
 */
export function listenToPointer(target: HTMLElement, actions: PointerActions): void {
  listenToWheel(target, actions);
  listenToDrag(target, actions);
  target.addEventListener('dblclick', (event) => {
    const [x, y] = placeIn(target, event);
    actions.doubleClicked(x, y);
  });
}

function placeIn(target: HTMLElement, event: MouseEvent): readonly [number, number] {
  const { left, top } = target.getBoundingClientRect();
  return [event.clientX - left, event.clientY - top];
}

function listenToWheel(target: HTMLElement, actions: PointerActions): void {
  target.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const unit =
        event.deltaMode === WheelEvent.DOM_DELTA_LINE
          ? PIXELS_PER_LINE
          : event.deltaMode === WheelEvent.DOM_DELTA_PAGE
            ? 200
            : 1;
      const across = event.deltaX * unit;
      const down = event.deltaY * unit;
      if (event.ctrlKey || event.metaKey) {
        const [x] = placeIn(target, event);
        actions.zoomed(Math.exp(-Math.min(50, Math.max(-50, down)) * 0.009), x);
      } else if (event.shiftKey && across === 0) actions.panned(down, 0);
      else actions.panned(across, down);
    },
    { passive: false },
  );
}

function listenToDrag(target: HTMLElement, actions: PointerActions): void {
  const down = new Map<number, { x: number; y: number }>();
  let moved = 0;
  let spread = 0;

  target.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    target.setPointerCapture(event.pointerId);
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (down.size === 1) moved = 0;
    spread = spreadOf(down);
  });
  target.addEventListener('pointermove', (event) => {
    const last = down.get(event.pointerId);
    const [x, y] = placeIn(target, event);
    if (!last) {
      actions.hovered(x, y);
      return;
    }
    const across = event.clientX - last.x;
    const along = event.clientY - last.y;
    moved += Math.abs(across) + Math.abs(along);
    if (moved <= CLICK_TOLERANCE) return;
    target.classList.add('dragging');
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (down.size === 2) {
      const next = spreadOf(down);
      if (spread > 0 && next > 0) actions.zoomed(next / spread, middleOf(down) - target.getBoundingClientRect().left);
      spread = next;
    } else actions.panned(-across, -along);
  });
  const end = (event: PointerEvent, isClick: boolean): void => {
    if (!down.delete(event.pointerId)) return;
    spread = spreadOf(down);
    if (down.size > 0) return;
    target.classList.remove('dragging');
    if (!isClick || moved > CLICK_TOLERANCE) return;
    const [x, y] = placeIn(target, event);
    actions.clicked(x, y, { open: event.ctrlKey || event.metaKey, toSide: event.altKey });
  };
  target.addEventListener('pointerup', (event) => end(event, true));
  target.addEventListener('pointercancel', (event) => end(event, false));
  target.addEventListener('pointerleave', () => actions.left());
}

function spreadOf(down: ReadonlyMap<number, { x: number; y: number }>): number {
  const [a, b] = [...down.values()];
  return b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
}

function middleOf(down: ReadonlyMap<number, { x: number; y: number }>): number {
  const [a, b] = [...down.values()];
  return b ? (a.x + b.x) / 2 : a.x;
}
