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

/** @param {string} selector */
export const findHtml = (selector, root = document) => find(selector, HTMLElement, root);
