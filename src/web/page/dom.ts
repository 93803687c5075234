/**
 * The little of a browser that the page uses. Its types are written down here, for those of TypeScript (`lib.dom`) hold
 * for the whole program and would change what Deno says of streams everywhere.
 *
 * Text only ever gets into the page as text: there is nothing here that reads HTML.
 *
 * @module
 */

/** An element. */
export interface Box extends EventTarget {
  id: string;
  textContent: string | null;
  hidden: boolean;
  disabled: boolean;
  value: string;
  placeholder: string;
  className: string;
  title: string;
  scrollTop: number;
  open: boolean;
  selectedIndex: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
  readonly clientWidth: number;
  readonly dataset: Record<string, string | undefined>;
  readonly style: { setProperty(name: string, value: string): void };
  readonly classList: { toggle(name: string, on?: boolean): boolean };
  readonly children: ArrayLike<Box>;
  append(...children: (Box | string)[]): void;
  replaceChildren(...children: (Box | string)[]): void;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  closest(selector: string): Box | null;
  querySelectorAll(selector: string): Iterable<Box>;
  remove(): void;
  focus(): void;
  select(): void;
  showModal(): void;
  close(): void;
}

/** A key was pressed, or something was clicked. */
export interface UserEvent extends Event {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly target: EventTarget & Box;
}

interface Browser {
  readonly document: EventTarget & {
    readonly body: Box;
    readonly hidden: boolean;
    readonly activeElement: Box | null;
    getElementById(id: string): Box | null;
    createElement(tag: string): Box;
    createElementNS(space: string, tag: string): Box;
  };
  readonly sessionStorage: { getItem(key: string): string | null; setItem(key: string, value: string): void };
  readonly history: { replaceState(state: null, title: string, path: string): void };
  readonly location: { readonly pathname: string; readonly host: string };
  readonly navigator: { readonly clipboard?: { writeText(text: string): Promise<void> } };
  readonly devicePixelRatio: number;
  readonly ResizeObserver: new (call: () => void) => { observe(box: Box): void };
  requestAnimationFrame(call: () => void): number;
  matchMedia(query: string): EventTarget & { readonly matches: boolean };
  getComputedStyle(box: Box): { getPropertyValue(name: string): string };
}

/** The browser that the page is in. */
export const browser = globalThis as unknown as Browser;

/** The element of this id. @throws {Error} there is none. */
export function byId(id: string): Box {
  const box = browser.document.getElementById(id);
  if (box === null) throw new Error(`The page has no element "${id}"`);
  return box;
}

/** A new element with what it has and holds. */
export function make(
  tag: string,
  facts: { class?: string; text?: string; title?: string; value?: string; type?: string } = {},
  ...children: (Box | string)[]
): Box {
  const box = browser.document.createElement(tag);
  if (facts.class !== undefined) box.className = facts.class;
  if (facts.text !== undefined) box.textContent = facts.text;
  if (facts.title !== undefined) box.title = facts.title;
  if (facts.value !== undefined) box.value = facts.value;
  if (facts.type !== undefined) box.setAttribute("type", facts.type);
  box.append(...children);
  return box;
}

/** A new element of a drawing. */
export function draw(tag: string, attributes: Readonly<Record<string, string>>, ...children: Box[]): Box {
  const box = browser.document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) box.setAttribute(name, value);
  box.append(...children);
  return box;
}

/** Calls `listener` when that happens to the element. */
export function on(box: EventTarget, type: string, listener: (event: UserEvent) => void): void {
  box.addEventListener(type, (event) => listener(event as UserEvent));
}

/** Calls `work` before the next frame is shown, once, however often it is asked for. */
export function onceAFrame(work: () => void): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    browser.requestAnimationFrame(() => {
      isAsked = false;
      work();
    });
  };
}

/** Sets the options of a choice, and keeps what is chosen where that is still there. */
export function setOptions(select: Box, options: readonly { value: string; text: string }[]): void {
  const facts = JSON.stringify(options);
  if (select.dataset.options === facts) return; // an open list would close
  select.dataset.options = facts;
  const { value } = select;
  select.replaceChildren(...options.map(({ value, text }) => make("option", { value, text })));
  if (options.some((each) => each.value === value)) select.value = value;
}
