// The control calls. The key came with the page; nobody else's page can read it.

const meta = /** @type {HTMLMetaElement} */ (document.querySelector('meta[name="localcloud-key"]'));
const key = meta.content;

/** Longer than localcloud lets anybody wait for changes. */
const PATIENCE = 40_000;

/** A call that localcloud refused; the text is its own. */
export class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} text
   */
  constructor(status, text) {
    super(text);
    this.name = "Refusal";
    this.status = status;
  }
}

/**
 * @param {string} method
 * @param {string} path below /_local
 * @param {{ body?: unknown, signal?: AbortSignal }} [more]
 * @returns {Promise<string>} the answer as text
 * @throws {Refusal}
 */
export async function called(method, path, { body, signal } = {}) {
  const answer = await fetch(`/_local${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: signal === undefined ? AbortSignal.timeout(PATIENCE) : AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Refusal(answer.status, reason(text) ?? `${method} ${path} was answered with ${answer.status}`);
  return text;
}

/** @param {string} text */
function reason(text) {
  try {
    return /** @type {string | undefined} */ (JSON.parse(text)?.error);
  } catch {
    return undefined;
  }
}

const complaint = /** @type {HTMLElement} */ (document.getElementById("complaint"));

/** Take back what was complained about. */
export function settle() {
  complaint.hidden = true;
}

/**
 * Do what a button is for; say so when it fails.
 * @param {HTMLElement} button
 * @param {() => Promise<unknown>} act
 */
export async function doing(button, act) {
  // Not `disabled`: that would take the focus away from whoever works with the keyboard.
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  settle();
  try {
    await act();
  } catch (problem) {
    const { message, name } = /** @type {Error} */ (problem);
    const told = name === "Refusal" ? message : "localcloud does not answer, so nothing was changed.";
    /** @type {HTMLElement} */ (complaint.firstElementChild).textContent = told;
    complaint.hidden = false;
  } finally {
    button.ariaBusy = "false";
  }
}
