// The control calls. The key came with the page; nobody else's page can read it.

const key = document.querySelector('meta[name="localcloud-key"]').content;

/**
 * @param {string} method
 * @param {string} path below /_local
 * @param {unknown} [body]
 * @returns {Promise<any>}
 */
export async function call(method, path, body) {
  const answer = await fetch(`/_local${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  const told = text === "" ? null : JSON.parse(text);
  if (!answer.ok) throw new Error(told?.error ?? `${method} ${path}: ${answer.status}`);
  return told;
}

const complaint = document.getElementById("complaint");

/**
 * Do what a button is for; say so when it fails.
 * @param {HTMLButtonElement} button
 * @param {() => Promise<unknown>} act
 */
export async function doing(button, act) {
  // Not `disabled`: that would take the focus away from whoever works with the keyboard.
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  complaint.hidden = true;
  try {
    await act();
  } catch (problem) {
    complaint.textContent = problem.message;
    complaint.hidden = false;
  } finally {
    button.ariaBusy = "false";
  }
}
