// As much of a browser's document as the tray needs: elements with children, classes and listeners.

export class HTMLElement extends EventTarget {
  children = [];
  dataset = {};
  style = {};
  attributes = new Map();
  hidden = false;
  className = "";
  textContent = "";
  classList = {
    toggle: (name, is) => {
      const names = new Set(this.className.split(" ").filter(Boolean));
      if (is) names.add(name);
      else names.delete(name);
      this.className = [...names].join(" ");
    },
  };

  constructor(tag) {
    super();
    this.tag = tag;
  }

  append(...nodes) {
    for (const node of nodes) node.parent = this;
    this.children.push(...nodes);
  }

  replaceChildren(...nodes) {
    this.children = [];
    this.append(...nodes);
  }

  remove() {
    if (this.parent) this.parent.children = this.parent.children.filter((each) => each !== this);
  }

  get firstElementChild() {
    return this.children[0] ?? null;
  }

  setAttribute(name, value) {
    this.attributes.set(name, value);
  }

  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }

  click() {
    this.dispatchEvent(new Event("click"));
  }

  /** Those in it of a class, such as ".toast". */
  querySelectorAll(selector) {
    const [, ...within] = this.all();
    return within.filter((each) => each.className.split(" ").includes(selector.slice(1)));
  }

  /** This element and all in it. */
  *all() {
    yield this;
    for (const child of this.children) yield* child.all();
  }
}

/** A document with one element for each of these ids. */
export function documentWith(...ids) {
  const byId = new Map(ids.map((id) => [`#${id}`, new HTMLElement("div")]));
  globalThis.HTMLElement = HTMLElement;
  globalThis.document = {
    querySelector: (selector) => byId.get(selector) ?? null,
    createElement: (tag) => new HTMLElement(tag),
  };
  return Object.fromEntries(ids.map((id) => [id, byId.get(`#${id}`)]));
}
