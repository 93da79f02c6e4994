// Which service needs which: one graph, walked without recursion.

/** @typedef {Record<string, { needs: string[] }>} Services */

/**
 * Everything a service needs, directly or through others, without itself.
 * @param {Services} services
 * @param {string} service
 * @returns {Set<string>}
 */
export function neededBy(services, service) {
  /** @type {Set<string>} */
  const found = new Set();
  const open = [...(services[service]?.needs ?? [])];
  while (open.length > 0) {
    const next = /** @type {string} */ (open.pop());
    if (found.has(next) || next === service) continue;
    found.add(next);
    open.push(...(services[next]?.needs ?? []));
  }
  return found;
}

/**
 * A ring of services that need each other, or null. Such a ring has no cause, so none may be configured.
 * @param {Services} services
 * @returns {string[] | null} the services of the ring, in order
 */
export function ring(services) {
  /** @type {Set<string>} */
  const done = new Set();
  for (const start of Object.keys(services)) {
    /** @type {string[]} */
    const path = [];
    const stack = [{ service: start, leave: false }];
    while (stack.length > 0) {
      const { service, leave } = /** @type {{ service: string, leave: boolean }} */ (stack.pop());
      if (leave) {
        path.pop();
        done.add(service);
        continue;
      }
      if (done.has(service)) continue;
      if (path.includes(service)) return path.slice(path.indexOf(service));
      path.push(service);
      stack.push({ service, leave: true });
      for (const need of services[service]?.needs ?? [])
        stack.push({ service: need, leave: false });
    }
  }
  return null;
}
