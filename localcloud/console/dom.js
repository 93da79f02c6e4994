// Elements from values, and a page that becomes what it should be without being made anew.
// Text is only ever set as text, so nothing that arrives can become markup.

/**
 * @typedef {Node | string | number | null | undefined | false} Child
 * @typedef {Record<string, unknown>} Attributes
 * @typedef {(event: any) => unknown} Listener
 */

/** Which listeners an element has, so that they can be handed on. @type {WeakMap<Element, Record<string, Listener>>} */
const listeners = new WeakMap();

/**
 * @param {string} name element name, classes after dots: `p.quiet`
 * @param {Attributes} [attributes] `on…` are listeners; null and false leave out; `data-key` tells an element from its
 *   neighbours across redraws, and `data-still` says that nothing in it changes while its value stays
 * @param {...Child} children
 * @returns {any} the element, of the type that its name says
 */
export function make(name, attributes = {}, ...children) {
  const [tag = "div", ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length > 0) element.className = classes.join(" ");
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") listen(element, attribute, /** @type {Listener} */ (value));
    else element.setAttribute(attribute, value === true ? "" : String(value));
  }
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false)
      element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/**
 * Make what an element holds into what it should hold: elements that stay keep focus, scroll position, selection
 * and what was typed into them.
 * @param {Element} place
 * @param {Child[]} wanted
 */
export function show(place, wanted) {
  const fresh = /** @type {Element} */ (place.cloneNode(false));
  for (const child of wanted) {
    if (child !== null && child !== undefined && child !== false)
      fresh.append(child instanceof Node ? child : String(child));
  }
  become(place, fresh);
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {Listener} listener
 */
function listen(element, name, listener) {
  /** @type {any} */ (element)[name] = listener;
  listeners.set(element, { ...listeners.get(element), [name]: listener });
}

/** @param {Node | null} node */
function keyOf(node) {
  return node instanceof HTMLElement ? node.dataset.key : undefined;
}

/**
 * @param {Node} one
 * @param {Node} other
 */
function alike(one, other) {
  return one.nodeName === other.nodeName && keyOf(one) === keyOf(other);
}

/**
 * Give a parent the children of another one.
 * @param {Element} parent
 * @param {Element} wanted
 */
function become(parent, wanted) {
  const children = [...wanted.childNodes];
  const staying = new Set(children.map(keyOf));
  /** @type {Map<string, ChildNode>} */
  const keyed = new Map();
  for (const child of [...parent.childNodes]) {
    const key = keyOf(child);
    // Removed first: what stays is then in its place already, and an element that is moved loses its focus.
    if (key !== undefined && !staying.has(key)) child.remove();
    else if (key !== undefined) keyed.set(key, child);
  }
  let place = parent.firstChild;
  for (const child of children) {
    const key = keyOf(child);
    const known = key === undefined ? place : (keyed.get(key) ?? null);
    if (known === null || !alike(known, child)) {
      parent.insertBefore(child, place);
      continue;
    }
    if (known === place) place = place.nextSibling;
    else parent.insertBefore(known, place);
    update(known, child);
  }
  while (place !== null) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

/**
 * @param {ChildNode} known
 * @param {ChildNode} wanted of the same name and key
 */
function update(known, wanted) {
  if (known instanceof Text && wanted instanceof Text) {
    if (known.data !== wanted.data) known.data = wanted.data;
    return;
  }
  if (!(known instanceof HTMLElement && wanted instanceof HTMLElement)) return;
  const still = known.dataset.still !== undefined && known.dataset.still === wanted.dataset.still;
  for (const name of known.getAttributeNames()) if (!wanted.hasAttribute(name)) known.removeAttribute(name);
  for (const { name, value } of wanted.attributes) {
    if (known.getAttribute(name) !== value) known.setAttribute(name, value);
  }
  const before = listeners.get(known) ?? {};
  const after = listeners.get(wanted) ?? {};
  for (const name of Object.keys(before)) if (!(name in after)) /** @type {any} */ (known)[name] = null;
  for (const [name, listener] of Object.entries(after)) listen(known, name, listener);
  if (!still) become(known, wanted);
}
