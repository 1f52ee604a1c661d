// Makes what is on the screen like a fresh drawing of it, node by node: what the reader has opened,
// focused or selected in it stays, and what is the same is not touched.

/**
 * @param {Node} old
 * @param {Node} fresh
 */
function alike(old, fresh) {
  return old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName;
}

/**
 * @param {Element} old
 * @param {Element} fresh
 */
function attributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    // What is open was opened by the reader: nothing is drawn open while it grows.
    if (name !== "open" && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

/**
 * @param {Node} old
 * @param {ParentNode & Node} fresh its children are taken where there is nothing like them
 */
export function drawInPlace(old, fresh) {
  const [before, after] = [[...old.childNodes], [...fresh.childNodes]];
  for (const [at, child] of after.entries()) {
    const there = before[at];
    if (!there) old.appendChild(child);
    else if (!alike(there, child)) old.replaceChild(child, there);
    else if (!there.isEqualNode(child)) redraw(there, child);
  }
  for (const gone of before.slice(after.length)) old.removeChild(gone);
}

/**
 * @param {Node} there
 * @param {Node} child
 */
function redraw(there, child) {
  if (there instanceof Element && child instanceof Element) {
    attributes(there, child);
    drawInPlace(there, child);
  } else {
    there.nodeValue = child.nodeValue;
  }
}
