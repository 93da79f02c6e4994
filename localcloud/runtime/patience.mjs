// Waiting, but not for ever; and answers that are refusals.

export class Late extends Error {}

/** Resolves like the promise, or rejects with Late. */
export function within(ms, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Late()), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Thrown where a call cannot be answered otherwise. */
export class Answer extends Error {
  constructor(status, reason) {
    super(reason);
    this.status = status;
  }
}
