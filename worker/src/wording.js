// Made from belfry/messages by `make docs`: what messages say, and what is made harmless in them.

/**
 * @typedef {import("./telling.js").Kind} Kind
 * @typedef {{
 *   role: string, name: string, label: string, text: string, fields: string[], kinds: string[],
 *   isShort: boolean,
 * }} Part a labelled line, left out when one of the `fields` in its `text` is missing
 * @typedef {{ colour: string, style: string, word: string }} Look of a severity, `style` in Teams,
 *   `word` in PagerDuty
 * @typedef {{ kind: string | null, word: string, expression: string, isCard: boolean }} Scrubbed
 *   what is taken out; always, when `kind` is null
 * @typedef {{
 *   length: number, link: number, links: Record<Kind, string[]>, basic: string, extended: string,
 *   alike: Record<string, string>,
 * }} Sms
 */

/** @type {Record<Kind, string>} */
export const HEADLINES = {
  "opened": "[${severity}] ${service}: ${summary} (${platform}, ${environment})",
  "raised": "Raised: [${severity}] ${service}: ${summary} (${platform}, ${environment})",
  "updated": "Cause found: [${severity}] ${service}: ${summary} (${platform}, ${environment})",
  "acknowledged": "Acknowledged: [${severity}] ${service}: ${summary} (${platform}, ${environment})",
  "reminded": "Still: [${severity}] ${service}: ${summary} (${platform}, ${environment})",
  "recovered": "Recovered: [${severity}] ${service}: ${summary} (${platform}, ${environment})"
};

/** @type {Record<Kind, string>} */
export const SHORT = {
  "opened": "${severity} ${service}: ${summary} (${platform} ${environment}) since ${clock}",
  "raised": "Raised: ${severity} ${service}: ${summary} (${platform} ${environment}) since ${clock}",
  "updated": "Cause found: ${severity} ${service}: ${summary} (${platform} ${environment}) since ${clock}",
  "acknowledged": "Acknowledged: ${severity} ${service}: ${summary} (${platform} ${environment}) since ${clock}",
  "reminded": "Still: ${severity} ${service}: ${summary} (${platform} ${environment}) since ${clock}",
  "recovered": "Recovered: ${severity} ${service}: ${summary} (${platform} ${environment})"
};

/** @type {Part[]} */
export const PARTS = [
  {
    "role": "fact",
    "name": "what",
    "label": "What",
    "text": "${description}",
    "fields": [
      "description"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "reminded"
    ],
    "isShort": false
  },
  {
    "role": "fact",
    "name": "state",
    "label": "State",
    "text": "${trouble}",
    "fields": [
      "trouble"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "reminded"
    ],
    "isShort": true
  },
  {
    "role": "fact",
    "name": "since",
    "label": "Since",
    "text": "${since}",
    "fields": [
      "since"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated"
    ],
    "isShort": true
  },
  {
    "role": "fact",
    "name": "since",
    "label": "Since",
    "text": "${since}, for ${lasted}",
    "fields": [
      "since",
      "lasted"
    ],
    "kinds": [
      "acknowledged",
      "reminded",
      "recovered"
    ],
    "isShort": true
  },
  {
    "role": "fact",
    "name": "by",
    "label": "By",
    "text": "${by}",
    "fields": [
      "by"
    ],
    "kinds": [
      "acknowledged"
    ],
    "isShort": true
  },
  {
    "role": "fact",
    "name": "until",
    "label": "Quiet until",
    "text": "${until}",
    "fields": [
      "until"
    ],
    "kinds": [
      "acknowledged"
    ],
    "isShort": true
  },
  {
    "role": "fact",
    "name": "answer",
    "label": "Answer",
    "text": "${severity}, within ${answer}",
    "fields": [
      "severity",
      "answer"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "reminded"
    ],
    "isShort": true
  },
  {
    "role": "fact",
    "name": "seen",
    "label": "Seen",
    "text": "${seen}",
    "fields": [
      "seen"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "reminded"
    ],
    "isShort": false
  },
  {
    "role": "fact",
    "name": "took-along",
    "label": "Took along",
    "text": "${took-along}",
    "fields": [
      "took-along"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "acknowledged",
      "reminded",
      "recovered"
    ],
    "isShort": false
  },
  {
    "role": "fact",
    "name": "also",
    "label": "Also",
    "text": "${also}",
    "fields": [
      "also"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "reminded"
    ],
    "isShort": false
  },
  {
    "role": "fact",
    "name": "unseen",
    "label": "Cannot be seen",
    "text": "${unseen}",
    "fields": [
      "unseen"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "reminded"
    ],
    "isShort": false
  },
  {
    "role": "fact",
    "name": "first-step",
    "label": "First step",
    "text": "${first-step}",
    "fields": [
      "first-step"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "reminded"
    ],
    "isShort": false
  },
  {
    "role": "link",
    "name": "runbook",
    "label": "Runbook",
    "text": "${runbook}",
    "fields": [
      "runbook"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "acknowledged",
      "reminded",
      "recovered"
    ],
    "isShort": false
  },
  {
    "role": "link",
    "name": "dashboard",
    "label": "Dashboard",
    "text": "${dashboard}",
    "fields": [
      "dashboard"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "acknowledged",
      "reminded",
      "recovered"
    ],
    "isShort": false
  },
  {
    "role": "link",
    "name": "acknowledge",
    "label": "Acknowledge",
    "text": "${acknowledge}",
    "fields": [
      "acknowledge"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "reminded"
    ],
    "isShort": false
  },
  {
    "role": "link",
    "name": "silence",
    "label": "Silence",
    "text": "${silence}",
    "fields": [
      "silence"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "reminded"
    ],
    "isShort": false
  },
  {
    "role": "link",
    "name": "status",
    "label": "Status",
    "text": "${status}",
    "fields": [
      "status"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "acknowledged",
      "reminded",
      "recovered"
    ],
    "isShort": false
  }
];

/** @type {Record<string, string>} */
export const TROUBLES = {
  "down": "does not work",
  "degraded": "works badly",
  "ahead": "works, but not for long"
};

/** @type {string} */
export const FIRST_STEP = "Follow the runbook.";

/** @type {string} */
export const MORE = "${shown} and ${more} more";

/** @type {string} */
export const INCIDENT = "Incident ${incident}";

/** @type {[Look, ...Look[]]} */
export const LOOKS = [
  {
    "colour": "#c4281b",
    "style": "attention",
    "word": "critical"
  },
  {
    "colour": "#c76a00",
    "style": "warning",
    "word": "error"
  },
  {
    "colour": "#a98a00",
    "style": "warning",
    "word": "warning"
  },
  {
    "colour": "#2f6fb7",
    "style": "accent",
    "word": "info"
  }
];

/** @type {Look} */
export const WELL = {
  "colour": "#1f7a3d",
  "style": "good",
  "word": "info"
};

/** @type {{ name: number, summary: number, fact: number, read: number, link: number }} */
export const LENGTHS = {
  "name": 200,
  "summary": 300,
  "fact": 1000,
  "read": 4000,
  "link": 1000
};

/** @type {number} */
export const LISTED = 20;

/** @type {Sms} */
export const SMS = {
  "length": 160,
  "link": 90,
  "links": {
    "opened": [
      "runbook",
      "status",
      "dashboard"
    ],
    "raised": [
      "runbook",
      "status",
      "dashboard"
    ],
    "updated": [
      "runbook",
      "status",
      "dashboard"
    ],
    "acknowledged": [
      "status",
      "dashboard",
      "runbook"
    ],
    "reminded": [
      "runbook",
      "status",
      "dashboard"
    ],
    "recovered": [
      "status",
      "dashboard",
      "runbook"
    ]
  },
  "basic": "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
  "extended": "^{}\\[~]|€",
  "alike": {
    "“": "\"",
    "”": "\"",
    "„": "\"",
    "‘": "'",
    "’": "'",
    "‚": "'",
    "`": "'",
    "´": "'",
    "–": "-",
    "—": "-",
    "−": "-",
    "…": "...",
    "•": "*",
    "·": "*",
    "×": "x",
    "ç": "c"
  }
};

/** @type {{ header: number, fact: number, links: number, escapes: [string, string][] }} */
export const SLACK = {
  "header": 150,
  "fact": 500,
  "links": 3000,
  "escapes": [
    [
      "&",
      "&amp;"
    ],
    [
      "<",
      "&lt;"
    ],
    [
      ">",
      "&gt;"
    ],
    [
      "```",
      "'''"
    ]
  ]
};

/** @type {{ title: number, fact: number, links: number, marks: string }} */
export const DISCORD = {
  "title": 256,
  "fact": 350,
  "links": 1000,
  "marks": "([\\\\`*_~|<>#()\\[\\]])"
};

/** @type {{ fact: number }} */
export const TEAMS = {
  "fact": 700
};

/** @type {{ summary: number }} */
export const PAGERDUTY = {
  "summary": 1024
};

/** @type {{ head: string, fact: string, links: string, link: string, foot: string }} */
export const MAIL = {
  "head": "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>${headline}</title>\n</head>\n<body style=\"margin:0;padding:16px;background:#f3f4f6;color:#1f2328;font:15px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif\">\n<div style=\"max-width:640px;margin:0 auto;padding:20px 24px;background:#ffffff;border:1px solid #d8dce2;border-top:6px solid ${colour};border-radius:6px\">\n<h1 style=\"margin:0 0 14px;font-size:19px;line-height:1.35\">${headline}</h1>\n<table style=\"border-collapse:collapse;width:100%\">\n",
  "fact": "<tr><th style=\"padding:5px 16px 5px 0;text-align:left;vertical-align:top;white-space:nowrap;font-weight:600;color:#57606a\">${label}</th><td style=\"padding:5px 0;overflow-wrap:anywhere\"><bdi>${text}</bdi></td></tr>\n",
  "links": "</table>\n<p style=\"margin:16px 0 0\">\n",
  "link": "<a href=\"${url}\" style=\"display:inline-block;margin:0 6px 6px 0;padding:6px 14px;color:#1f2328;border:1px solid #b6bcc6;border-radius:5px;text-decoration:none\">${label}</a>\n",
  "foot": "</p>\n<p style=\"margin:14px 0 0;font-size:12px;color:#6b7280\">${foot}</p>\n</div>\n</body>\n</html>\n"
};

/** @type {{ hidden: string, broken: string, blanks: string, address: string, unsafe: string }} */
export const CHARACTERS = {
  "hidden": "[\\u{ad}\\u{61c}\\u{200b}\\u{200e}-\\u{200f}\\u{202a}-\\u{202e}\\u{2060}-\\u{206f}\\u{feff}\\u{fff9}-\\u{fffb}\\u{e0000}-\\u{e007f}]",
  "broken": "[\\u{d800}-\\u{dfff}]",
  "blanks": "[\\u{0}-\\u{20}\\u{7f}-\\u{a0}\\u{1680}\\u{2000}-\\u{200a}\\u{2028}-\\u{2029}\\u{202f}\\u{205f}\\u{3000}]+",
  "address": "^[Hh][Tt][Tt][Pp][Ss]?://[^\\s/?#]+\\S*$",
  "unsafe": "[^A-Za-z0-9._~:/?#@!$&*+,;=%\\[\\]-]"
};

/** @type {Scrubbed[]} */
export const SCRUBBED = [
  {
    "kind": null,
    "word": "[secret]",
    "expression": "https?://hooks\\.slack(-gov)?\\.com/(services|workflows|triggers)/\\S{6}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "https?://([a-z]+\\.)?discord(app)?\\.com/api/(v[0-9]+/)?webhooks/[0-9]+/\\S[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "https?://[\\w.-]+\\.(webhook\\.office\\.com/\\S|(logic\\.azure|powerplatform)\\.com\\S*[?&]sig=\\S)[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "https?://[0-9a-f]{32}(:[0-9a-f]{32})?@[\\w.-]+\\S*/[0-9][^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]*://[^\\s/@:]*:(?!\\$\\{)[^\\s/@]+@[^\\s/][^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "AGE-SECRET-KEY-1[A-Z0-9]{20}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![\\w-])eyJ[\\w-]{8,}\\.[\\w-]{4,}\\.[\\w-]*[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![A-Za-z])(?:[Bb][Ee][Aa][Rr][Ee][Rr]|[Bb][Aa][Ss][Ii][Cc])\\s+(?=\\S*[0-9=])[\\w.~+/=-]{8}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])[sr]k_(live|test)_[A-Za-z0-9]{8}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])whsec_[A-Za-z0-9+/=]{16}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])gh[pousr]_[A-Za-z0-9]{16}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "github_pat_\\w{20}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])gl(pat|ptt|dt|rt|cbt)-[\\w-]{16}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])(xox[abeprs]|xapp)-[\\w-]{10}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])A(KI|SI)A[A-Z0-9]{16}(?![^\\W_])[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])(AIza[\\w-]{30}|ya29\\.[\\w-]{20}|GOCSPX-[\\w-]{20})[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])SG\\.[\\w-]{16,}\\.[\\w-]{16}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])x(key|smtp)sib-[\\w-]{16}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])key-[0-9a-f]{32}(?![^\\W_])[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])gl(sa|c)_[\\w+/=-]{20}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])sntry[su]_\\S{20}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])pul-[0-9a-f]{40}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])hv[bsr]\\.[\\w-]{20}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])NRAK-[A-Z0-9]{20}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "shp(at|ca|pa|ss)_[0-9a-fA-F]{20}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])do[opr]_v1_[0-9a-f]{40}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])npm_[A-Za-z0-9]{30}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])pypi-[\\w-]{40}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])sk-((ant|proj|svcacct)-[\\w-]{20}|[A-Za-z0-9]{32})[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": "api-key",
    "word": "[key]",
    "expression": "(?:[Aa][Pp][Ii]|[Aa][Cc][Cc][Ee][Ss][Ss]|[Ss][Ee][Cc][Rr][Ee][Tt]|[Pp][Rr][Ii][Vv][Aa][Tt][Ee]|[Aa][Cc][Cc][Oo][Uu][Nn][Tt])[_ -]?(?:[Kk][Ee][Yy])[\"']?\\s*[:=]\\s*[\"']?[^\\s\"',;&]{4,}",
    "isCard": false
  },
  {
    "kind": "token",
    "word": "[token]",
    "expression": "(?:[Tt][Oo][Kk][Ee][Nn]|[Pp][Aa][Ss][Ss][Ww][Oo][Rr][Dd]|[Pp][Aa][Ss][Ss][Ww][Dd]|[Ss][Ee][Cc][Rr][Ee][Tt]|[Ss][Ee][Ss][Ss][Ii][Oo][Nn]|[Aa][Uu][Tt][Hh][Oo][Rr][Ii][Zz][Aa][Tt][Ii][Oo][Nn]|[Cc][Oo][Oo][Kk][Ii][Ee])[\"']?\\s*[:=]\\s*[\"']?[^\\s\"',;&]{4,}",
    "isCard": false
  },
  {
    "kind": "email",
    "word": "[mail address]",
    "expression": "(?<![^\\s@<>\"'(),;:=\\[\\]])[^\\s@<>\"'(),;:=\\[\\]]+@(?:[^\\s@<>\"'(),;:/\\[\\].]+\\.)+[^\\s@<>\"'(),;:/\\[\\].]+",
    "isCard": false
  },
  {
    "kind": "card-number",
    "word": "[card number]",
    "expression": "[0-9]+(?:[ -][0-9]+)*",
    "isCard": true
  },
  {
    "kind": "ip-address",
    "word": "[IP address]",
    "expression": "(?<![0-9.])(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?![0-9]|\\.[0-9])",
    "isCard": false
  },
  {
    "kind": "ip-address",
    "word": "[IP address]",
    "expression": "(?<![\\w:])(?:(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|(?=[0-9A-Fa-f:]*::)(?=:*[0-9A-Fa-f])[0-9A-Fa-f:]{3,39})(?![\\w:])",
    "isCard": false
  },
  {
    "kind": "phone",
    "word": "[phone number]",
    "expression": "(?<![\\w.+])\\+[0-9](?:[ ()./-]{0,2}[0-9]){6,14}(?![0-9])",
    "isCard": false
  }
];

/** @type {{ before: string, after: string, word: string }} */
export const FIELD = {
  "before": "(?<![\\w.-])",
  "after": "[\"']?\\s*[:=]\\s*(?:\"[^\"]*\"|'[^']*'|[^\\s\"',;&]+)",
  "word": "[hidden]"
};

/** @type {{ least: number, most: number, first: string }} */
export const CARD = {
  "least": 13,
  "most": 19,
  "first": "23456"
};
