// How an incident is shown to whoever follows the link of a message: in the words of the messages.
import { facts, headline, links, message, moment, iso } from "./messages.js";

/**
 * @typedef {import("./answers.js").Acknowledgement} Acknowledgement
 * @typedef {import("./answers.js").Silence} Silence
 * @typedef {import("./config.js").Config} Config
 * @typedef {import("./incidents.js").Incident} Incident
 * @typedef {{
 *   incident: string, headline: string, facts: { label: string, text: string }[], links: { label: string, url: string }[],
 *   over: string | null, acknowledged: { by: string | null, at: string, until: string | null } | null,
 *   silenced: { by: string | null, until: string } | null,
 * }} Shown times as people read them
 */

/**
 * @param {{
 *   incident: Incident, recovered: number | null, acknowledged: Acknowledgement | null, silence: Silence | null,
 * }} known
 * @param {number} now
 * @param {Config} config
 * @returns {Shown}
 */
export function shown({ incident, recovered, acknowledged, silence }, now, config) {
  const isOver = recovered !== null;
  const told = message(isOver ? "recovered" : "opened", incident, recovered ?? now, config);
  const pointers = links({ ...told, acknowledge: null, silence: null });
  return {
    incident: incident.id,
    headline: headline(told),
    facts: facts(told).map(({ part, text }) => ({ label: part.label, text })),
    links: pointers.map(({ label, url }) => ({ label, url })),
    over: isOver ? time(recovered) : null,
    acknowledged:
      acknowledged === null || isOver
        ? null
        : {
            by: acknowledged.by,
            at: time(acknowledged.at),
            until: acknowledged.until === null ? null : time(acknowledged.until),
          },
    silenced: silence === null ? null : { by: silence.by, until: time(silence.until) },
  };
}

/** @param {number} at */
function time(at) {
  return moment(iso(at));
}
