// What JSON may look like: each shape says of a value everything that is wrong with it, and where.

/** @typedef {(value: unknown, path: string, wrong: string[]) => void} Shape */

/** @type {(kind: string, is: (value: unknown) => boolean) => Shape} */
export const plain = (kind, is) => (value, path, wrong) => {
  if (!is(value)) wrong.push(`${path || "the whole"}: must be ${kind}`);
};

export const text = plain("a text", (value) => typeof value === "string");
export const whole = plain(
  "a whole number, 0 or more",
  (value) => Number.isInteger(value) && Number(value) >= 0,
);
export const truth = plain("true or false", (value) => typeof value === "boolean");
export const number = plain(
  "a number, 0 or more",
  (value) => typeof value === "number" && value >= 0,
);
export const positive = plain(
  "a number above 0",
  (value) => typeof value === "number" && value > 0,
);

/** @type {(kind: string, pattern: RegExp) => Shape} */
export const written = (kind, pattern) =>
  plain(kind, (value) => typeof value === "string" && pattern.test(value));

/** @type {(...words: string[]) => Shape} */
export const one = (...words) =>
  plain(`one of ${words.join(", ")}`, (value) => words.includes(String(value)));

/** @type {(shape: Shape) => Shape} */
export const orNull = (shape) => (value, path, wrong) => {
  if (value !== null && value !== undefined) shape(value, path, wrong);
};

/** @type {(shape: Shape) => Shape} */
export const list = (shape) => (value, path, wrong) => {
  if (Array.isArray(value)) value.forEach((item, index) => shape(item, `${path}[${index}]`, wrong));
  else wrong.push(`${path}: must be a list`);
};

/** @type {(shape: Shape) => Shape} */
export const pair = (shape) => (value, path, wrong) => {
  if (Array.isArray(value) && value.length === 2) list(shape)(value, path, wrong);
  else wrong.push(`${path}: must be a list of two`);
};

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @type {(shape: Shape) => Shape} */
export const map = (shape) => (value, path, wrong) => {
  if (!isObject(value)) wrong.push(`${path || "the whole"}: must be an object`);
  else
    for (const [key, item] of Object.entries(value))
      shape(item, path ? `${path}.${key}` : key, wrong);
};

/** @type {(shapes: Record<string, Shape>) => Shape} */
export const object = (shapes) => (value, path, wrong) => {
  if (!isObject(value)) {
    wrong.push(`${path || "the whole"}: must be an object`);
    return;
  }
  for (const [key, shape] of Object.entries(shapes))
    shape(value[key], path ? `${path}.${key}` : key, wrong);
};

/** @type {(key: string, shapes: Record<string, Shape>) => Shape} */
export const variant = (key, shapes) => (value, path, wrong) => {
  const chosen = isObject(value) ? String(value[key]) : "";
  if (Object.hasOwn(shapes, chosen)) /** @type {Shape} */ (shapes[chosen])(value, path, wrong);
  else wrong.push(`${path}.${key}: must be one of ${Object.keys(shapes).join(", ")}`);
};

export const count = plain(
  "a whole number, 1 or more",
  (value) => Number.isInteger(value) && Number(value) >= 1,
);
