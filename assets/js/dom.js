// Elements of the page, with their kind. What the page cannot be without is missed at once.

/**
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} kind what it must be, such as HTMLButtonElement
 * @param {ParentNode} root
 * @returns {T}
 */
export function find(selector, kind, root = document) {
  const element = root.querySelector(selector);
  if (!(element instanceof kind)) throw new Error(`There is no ${kind.name} at ${selector}.`);
  return element;
}

/**
 * @param {string} selector
 * @param {ParentNode} root
 */
export const findHtml = (selector, root = document) => find(selector, HTMLElement, root);

/**
 * All that a selector names, as elements of HTML.
 * @param {string} selector
 * @param {ParentNode} root
 * @returns {HTMLElement[]}
 */
export const findAll = (selector, root = document) =>
  [...root.querySelectorAll(selector)].filter((each) => each instanceof HTMLElement);

/**
 * What was pressed or dragged, and stands in an element of this selector.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function within(event, selector) {
  const found = event.target instanceof Element ? event.target.closest(selector) : null;
  return found instanceof HTMLElement ? found : null;
}

/** @type {{ createHTML(html: string): string, createScriptURL(address: string): string } | undefined} */
const policy = Reflect.get(globalThis, "trustedTypes")?.createPolicy("easel", {
  createHTML: (/** @type {string} */ html) => html,
  createScriptURL: (/** @type {string} */ address) => address,
});

/** The address of a script of ours. @param {string} address beside the page */
export const scriptAddress = (address) => policy?.createScriptURL(address) ?? address;

/**
 * The one way by which HTML gets into the page: the server's, drawn and sanitised there.
 * @param {string} html
 */
export const fromServer = (html) => policy?.createHTML(html) ?? html;
