import { inDigits } from '../../../src/core/words/numbers';
import { iconButton, textButton } from '../../common/controls';
import { element, setText } from '../../common/dom';
import { icon } from '../../common/icons';
import type { PageActions } from '../model/actions';
import type { PageModel } from '../model/pageModel';
import { occurrences, textLines, type TextLines } from '../model/textLines';
import { text } from '../model/strings';

export interface RawPane {
  readonly element: HTMLElement;
  /** Reads the text once it is to be seen. */
  update(model: PageModel): void;
  focusSearch(): void;
}

const ROW_HEIGHT = 18;
const SPARE_ROWS = 20;
/** A browser's elements have no more than some 33 million pixels. */
const MOST_LINES = 1_500_000;
const MOST_MATCHES = 10_000;
const SEARCH_AFTER_MS = 200;

/** The server's answer as it came: only the lines in sight are in the document. */
export function createRawPane(actions: PageActions): RawPane {
  const search = element('input', {
    class: 'search-input',
    attributes: {
      type: 'search',
      'aria-label': text('raw.search'),
      placeholder: text('raw.search'),
      spellcheck: 'false',
    },
  });
  const result = element('span', { class: 'search-result muted', attributes: { role: 'status' } });
  const size = element('span', { class: 'muted raw-size' });
  const body = element('div', { class: 'raw-body' });
  const spacer = element('div', { class: 'raw-spacer' }, body);
  const scroller = element(
    'div',
    { class: 'raw code', attributes: { tabindex: '0', role: 'region', 'aria-label': text('raw') } },
    spacer,
  );
  const host = element(
    'div',
    { class: 'raw-pane' },
    element(
      'div',
      { class: 'raw-tools' },
      element('div', { class: 'search-field' }, icon('search'), search),
      iconButton('previous', text('raw.previous'), () => step(-1)),
      iconButton('next', text('raw.next'), () => step(1)),
      result,
      size,
      textButton(text('copy.raw'), () => actions.post({ type: 'copy', what: 'raw' })),
      textButton(text('raw.open'), () => actions.post({ type: 'openRaw' })),
    ),
    scroller,
  );

  let raw = '';
  let lines: TextLines = textLines('');
  let found: number[] = [];
  let current = -1;
  let frame = 0;
  let timer = 0;

  function draw(): void {
    frame = 0;
    const first = Math.max(0, Math.floor(scroller.scrollTop / ROW_HEIGHT) - SPARE_ROWS);
    const last = Math.min(
      shownLines(),
      Math.ceil((scroller.scrollTop + scroller.clientHeight) / ROW_HEIGHT) + SPARE_ROWS,
    );
    const wanted = search.value.toLowerCase();
    const onLine = current >= 0 ? lines.lineAt(found[current]) : -1;
    body.replaceChildren(
      ...Array.from({ length: Math.max(0, last - first) }, (_, at) =>
        lineElement(lines.line(first + at), first + at === onLine, wanted),
      ),
    );
    body.style.transform = `translateY(${first * ROW_HEIGHT}px)`;
  }
  const invalidate = (): void => {
    frame ||= requestAnimationFrame(draw);
  };
  const shownLines = (): number => Math.min(lines.count, MOST_LINES);

  function find(): void {
    timer = 0;
    found = occurrences(raw, search.value, MOST_MATCHES);
    const from = Math.floor(scroller.scrollTop / ROW_HEIGHT);
    current = found.length
      ? Math.max(
          0,
          found.findIndex((offset) => lines.lineAt(offset) >= from),
        )
      : -1;
    showMatch();
  }

  function step(by: 1 | -1): void {
    if (timer) {
      clearTimeout(timer);
      find();
    } else if (found.length) current = (current + by + found.length) % found.length;
    showMatch();
  }

  function showMatch(): void {
    const most = found.length === MOST_MATCHES ? '+' : '';
    setText(
      result,
      !search.value
        ? ''
        : found.length
          ? text('raw.match', inDigits(current + 1), `${inDigits(found.length)}${most}`)
          : text('raw.noMatch'),
    );
    if (current >= 0) {
      const top = lines.lineAt(found[current]) * ROW_HEIGHT;
      if (top < scroller.scrollTop || top > scroller.scrollTop + scroller.clientHeight - 2 * ROW_HEIGHT)
        scroller.scrollTop = Math.max(0, top - scroller.clientHeight / 3);
    }
    invalidate();
  }

  search.addEventListener('input', () => {
    clearTimeout(timer);
    timer = window.setTimeout(find, SEARCH_AFTER_MS);
  });
  search.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  });
  scroller.addEventListener('scroll', invalidate);
  new ResizeObserver(invalidate).observe(scroller);

  return {
    element: host,
    update: (model) => {
      if (model.raw === raw) return;
      raw = model.raw;
      lines = textLines(raw);
      found = [];
      current = -1;
      spacer.style.height = `${shownLines() * ROW_HEIGHT}px`;
      setText(size, text('raw.size', inDigits(lines.count), inDigits(Math.ceil(raw.length / 1000))));
      scroller.scrollTop = 0;
      if (search.value) find();
      else setText(result, '');
      draw();
    },
    focusSearch: () => search.focus(),
  };
}

function lineElement(line: string, isCurrent: boolean, wanted: string): HTMLElement {
  const host = element('div', { class: isCurrent ? 'raw-line current' : 'raw-line' });
  const at = wanted ? line.toLowerCase().indexOf(wanted) : -1;
  if (at < 0) {
    // `"name": value`: the name stands out.
    const key = /^(\s*)("(?:[^"\\]|\\.)*")(\s*:)/.exec(line);
    if (key)
      host.append(key[1], element('span', { class: 'token-key' }, key[2]), line.slice(key[1].length + key[2].length));
    else host.append(line || ' ');
    return host;
  }
  host.append(
    line.slice(0, at),
    element('mark', {}, line.slice(at, at + wanted.length)),
    line.slice(at + wanted.length),
  );
  return host;
}
