// Tables that are asked for names which others made up.

/**
 * What a table has under a name, and nothing of what every object has: no message is of the type `constructor`.
 * @template T
 * @param {Record<string, T>} table
 * @param {unknown} name
 * @returns {T | undefined}
 */
export function entry(table, name) {
  return typeof name === "string" && Object.hasOwn(table, name) ? table[name] : undefined;
}
