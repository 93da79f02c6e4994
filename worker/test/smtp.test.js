import assert from "node:assert/strict";
import { test } from "node:test";
import { deliver } from "../src/channels/smtp.js";

const MAIL = {
  from: "Belfry <belfry@example.org>",
  to: ["on-call@example.org"],
  text: "Subject: x\r\n\r\nhello\r\n",
};
const SERVER = {
  host: "smtp.example",
  port: 465,
  tls: "implicit",
  user: "belfry",
  password: "hunter2",
};

/**
 * A server that follows a script: pairs of what the client must say (null: nothing, the server begins) and the answer.
 * An answer of null is silence. `TLS` in place of a pair is the moment at which the client must turn to TLS.
 */
function server(script) {
  const said = [];
  const steps = [...script];
  const state = { said, security: null, isClosed: false, isSecure: false };
  const socket = () => {
    let push;
    const readable = new ReadableStream({ start: (controller) => (push = controller) });
    const answer = (text) => text !== null && push.enqueue(new TextEncoder().encode(text));
    let heard = "";
    const listen = () => {
      while (steps.length > 0 && Array.isArray(steps[0])) {
        const [expected, reply] = steps[0];
        if (expected === null) {
          steps.shift();
          answer(reply);
          continue;
        }
        const end = expected === "." ? heard.indexOf("\r\n.\r\n") + 3 : heard.indexOf("\r\n");
        if (end < (expected === "." ? 3 : 0)) return;
        const line = heard.slice(0, end);
        heard = heard.slice(end + 2);
        said.push(line);
        steps.shift();
        if (expected !== ".") assert.equal(line, expected);
        answer(reply);
      }
    };
    const writable = new WritableStream({
      write(chunk) {
        heard += new TextDecoder().decode(chunk);
        listen();
      },
    });
    listen();
    return {
      readable,
      writable,
      startTls() {
        assert.equal(steps.shift(), TLS);
        state.isSecure = true;
        return socket();
      },
      close: async () => void (state.isClosed = true),
    };
  };
  return {
    state,
    open: (host, port, security) => {
      Object.assign(state, { host, port, security });
      return socket();
    },
  };
}

const TLS = "TLS";
const GREETING = [null, "220 smtp.example ready\r\n"];
const SEND = [
  ["MAIL FROM:<belfry@example.org>", "250 ok\r\n"],
  ["RCPT TO:<on-call@example.org>", "250 ok\r\n"],
  ["DATA", "354 go on\r\n"],
  [".", "250 queued\r\n"],
  ["QUIT", "221 bye\r\n"],
];
const PLAIN = ["AUTH PLAIN AGJlbGZyeQBodW50ZXIy", "235 ok\r\n"];

test("a mail goes over implicit TLS with AUTH PLAIN", async () => {
  const { open, state } = server([
    GREETING,
    ["EHLO belfry", "250-smtp.example\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 1000\r\n"],
    PLAIN,
    ...SEND,
  ]);
  await deliver(open, SERVER, MAIL, 1000);
  assert.equal(state.security, "on");
  assert.equal(state.port, 465);
  assert.equal(state.said.at(-1), "QUIT");
  assert.ok(state.isClosed);
});

test("STARTTLS comes before anything secret, and the greeting is said again", async () => {
  const { open, state } = server([
    GREETING,
    ["EHLO belfry", "250-smtp.example\r\n250 STARTTLS\r\n"],
    ["STARTTLS", "220 go\r\n"],
    TLS,
    ["EHLO belfry", "250-smtp.example\r\n250 AUTH PLAIN\r\n"],
    PLAIN,
    ...SEND,
  ]);
  await deliver(open, { ...SERVER, port: 587, tls: "starttls" }, MAIL, 1000);
  assert.equal(state.security, "starttls");
  assert.ok(state.isSecure);
});

test("a server that hides STARTTLS gets neither password nor mail", async () => {
  const { open, state } = server([
    GREETING,
    ["EHLO belfry", "250-smtp.example\r\n250 AUTH PLAIN\r\n"],
  ]);
  await assert.rejects(
    deliver(open, { ...SERVER, tls: "starttls" }, MAIL, 1000),
    /SMTP STARTTLS: the server does not offer it/,
  );
  assert.deepEqual(state.said, ["EHLO belfry"]);
  assert.ok(state.isClosed);
});

test("what was said in the clear before TLS is not believed after it", async () => {
  const { open } = server([
    GREETING,
    ["EHLO belfry", "250-smtp.example\r\n250 STARTTLS\r\n"],
    ["STARTTLS", "220 go\r\n250-smtp.evil\r\n250 AUTH LOGIN\r\n"],
    TLS,
    ["EHLO belfry", "250-smtp.example\r\n250 AUTH PLAIN\r\n"],
    PLAIN,
    ...SEND,
  ]);
  await deliver(open, { ...SERVER, tls: "starttls" }, MAIL, 1000);
});

test("AUTH LOGIN is used where PLAIN is not offered", async () => {
  const { open } = server([
    GREETING,
    ["EHLO belfry", "250-smtp.example\r\n250 AUTH=LOGIN\r\n"],
    ["AUTH LOGIN", "334 VXNlcm5hbWU6\r\n"],
    ["YmVsZnJ5", "334 UGFzc3dvcmQ6\r\n"],
    ["aHVudGVyMg==", "235 ok\r\n"],
    ...SEND,
  ]);
  await deliver(open, SERVER, MAIL, 1000);
});

test("without a user nobody logs in", async () => {
  const { open, state } = server([GREETING, ["EHLO belfry", "250 smtp.example\r\n"], ...SEND]);
  await deliver(open, { ...SERVER, tls: "none", user: null, password: null }, MAIL, 1000);
  assert.equal(state.security, "off");
});

test("a line that begins with a dot arrives whole and ends nothing", async () => {
  const { open, state } = server([GREETING, ["EHLO belfry", "250 smtp.example\r\n"], ...SEND]);
  const text = "Subject: x\r\n\r\n.\r\n.hidden\nMAIL FROM:<evil@example.org>\r\n";
  await deliver(open, { ...SERVER, user: null }, { ...MAIL, text }, 1000);
  const [body] = state.said.filter((line) => line.startsWith("Subject"));
  assert.equal(body, "Subject: x\r\n\r\n..\r\n..hidden\r\nMAIL FROM:<evil@example.org>\r\n.");
});

test("answers may come in pieces", async () => {
  const { open } = server([
    [null, "22"],
    [null, "0 smtp.exam"],
    [null, "ple\r"],
    [null, "\n"],
    ["EHLO belfry", "250-smtp.example\r\n250 "],
    [null, "SIZE\r\n"],
    ...SEND,
  ]);
  await deliver(open, { ...SERVER, user: null }, MAIL, 1000);
});

for (const [what, script, said] of [
  [
    "a refused password",
    [GREETING, ["EHLO belfry", "250 AUTH PLAIN\r\n"], [PLAIN[0], "535 hunter2 is wrong\r\n"]],
    "SMTP AUTH PLAIN: refused with 535",
  ],
  [
    "a refused recipient",
    [GREETING, ["EHLO belfry", "250 AUTH PLAIN\r\n"], PLAIN, SEND[0], [SEND[1][0], "550 no\r\n"]],
    "SMTP RCPT: refused with 550",
  ],
  [
    "a mail the server will not keep",
    [
      GREETING,
      ["EHLO belfry", "250 AUTH PLAIN\r\n"],
      PLAIN,
      ...SEND.slice(0, 3),
      [".", "452 full\r\n"],
    ],
    "SMTP message: refused with 452",
  ],
  ["a busy server", [[null, "421 busy\r\n"]], "SMTP greeting: refused with 421"],
  [
    "something that is no mail server",
    [[null, "HTTP/1.1 400 Bad Request\r\n"]],
    "SMTP greeting: the answer is not SMTP",
  ],
  [
    "no way to log in",
    [GREETING, ["EHLO belfry", "250 AUTH CRAM-MD5\r\n"]],
    "SMTP AUTH: the server offers neither PLAIN nor LOGIN",
  ],
  [
    "an answer without end",
    [[null, "220-x\r\n".repeat(200)]],
    "SMTP greeting: the answer has no end",
  ],
  ["a server that says nothing", [[null, null]], "SMTP greeting: no answer within 50 ms"],
]) {
  test(`${what} is a failure at its step, without the password`, async () => {
    const { open, state } = server(script);
    await assert.rejects(deliver(open, SERVER, MAIL, 50), (error) => error.message === said);
    assert.ok(state.isClosed);
  });
}

test("a server that took the mail and hangs up before goodbye has taken it", async () => {
  const { open } = server([
    GREETING,
    ["EHLO belfry", "250 AUTH PLAIN\r\n"],
    PLAIN,
    ...SEND.slice(0, 4),
    ["QUIT", null],
  ]);
  await deliver(open, SERVER, MAIL, 50);
});

for (const address of ["a@b.example>\r\nRCPT TO:<evil@example.org", "a b@c.example", "", "<>"]) {
  test(`an address such as ${JSON.stringify(address)} reaches no server`, async () => {
    const { open, state } = server([GREETING, ["EHLO belfry", "250 ok\r\n"], SEND[0]]);
    await assert.rejects(
      deliver(open, { ...SERVER, user: null }, { ...MAIL, to: [address] }, 1000),
      /SMTP address: not a mail address/,
    );
    assert.ok(!state.said.some((line) => line.startsWith("RCPT")));
  });
}
