// Where on the page one is, as its address has it: `#/resources/queues/<id>`.

/** @returns {string[]} at least the view's name, or nothing */
export function route() {
  const [, ...parts] = location.hash.split("/");
  return parts.map(decoded);
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * The address of a place on the page, for links.
 * @param {...string} parts
 */
export const address = (...parts) => `#/${parts.map(encodeURIComponent).join("/")}`;

/**
 * The path of a control call.
 * @param {...string} parts
 */
export const path = (...parts) => parts.map((part) => `/${encodeURIComponent(part)}`).join("");
