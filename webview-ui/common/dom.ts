import { visibleText } from '../../src/core/words/foreignText';

/** Elements by hand. Texts become text nodes: nothing from a profile is ever parsed as HTML. */

export type Child = Node | string | undefined;

export interface Properties {
  readonly class?: string;
  readonly title?: string;
  readonly attributes?: Readonly<Record<string, string | undefined>>;
}

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { class: className, title, attributes }: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (title) node.title = title;
  for (const [name, value] of Object.entries(attributes ?? {})) if (value !== undefined) node.setAttribute(name, value);
  node.append(...children.filter((child) => child !== undefined));
  return node;
}

export function svgElement<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly Node[]
): SVGElementTagNameMap[K] {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** Writes a text only if it differs: assistive technology announces every change of a text node. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export function setShown(node: HTMLElement, shown: boolean): void {
  if (node.hidden === shown) node.hidden = !shown;
}

/** A name from a profile as it is shown: what hides, breaks the line or reorders the text around it is seen as a sign. */
export function displayText(text: string, maximum = 400): string {
  return visibleText(text, { limit: maximum });
}
