// One shard of one tick as one row: a letter and a time for each check.

/**
 * @typedef {import("./probe.js").Result} Result
 * @typedef {import("./verdict/judge.js").Sample} Sample
 * @typedef {{ up: string, times: string }} Packed `up`: a letter a check, u up, d down, ? unknown; `times`: milliseconds in
 *   base 36, parted by commas, empty where there is none
 */

/**
 * @param {Result[]} results
 * @returns {Packed}
 */
export function pack(results) {
  return {
    up: results.map(({ up }) => (up === null ? "?" : up ? "u" : "d")).join(""),
    times: results
      .map(({ seconds }) => (seconds === null ? "" : Math.round(seconds * 1000).toString(36)))
      .join(","),
  };
}

/**
 * @param {Packed} packed
 * @param {number} at tick
 * @returns {Sample[]} in the order in which they were packed
 */
export function unpack({ up, times }, at) {
  const parts = times.split(",");
  return [...up].map((letter, index) => {
    const time = parts[index] ?? "";
    return {
      at,
      up: letter === "?" ? null : letter === "u",
      seconds: time === "" ? null : parseInt(time, 36) / 1000,
      detail: null,
    };
  });
}
