// A mail, handed to an SMTP server (RFC 5321) over a TCP socket. The socket and its opening are passed in.

/**
 * @typedef {{
 *   readable: ReadableStream<Uint8Array>, writable: WritableStream<Uint8Array>, startTls: () => Socket,
 *   close: () => Promise<void>,
 * }} Socket
 * @typedef {(host: string, port: number, security: "on" | "starttls" | "off") => Socket} Open
 * @typedef {{
 *   host: string, port: number, tls: "implicit" | "starttls" | "none", user: string | null, password: string | null,
 * }} Server
 * @typedef {{ code: number, lines: string[] }} Reply
 */

/** The server refused or did not answer; the message names the step and never what was sent. */
export class SmtpError extends Error {
  /**
   * @param {string} step
   * @param {string} what
   */
  constructor(step, what) {
    super(`SMTP ${step}: ${what}`);
    this.name = "SmtpError";
  }
}

const SECURITY = /** @type {const} */ ({ implicit: "on", starttls: "starttls", none: "off" });
const REPLY_BYTES = 16_384;

/**
 * @param {Open} open
 * @param {Server} server
 * @param {{ from: string, to: string[], text: string }} mail `text` with CRLF line ends
 * @param {number} [patience] milliseconds for each step
 * @returns {Promise<void>} once the server has taken responsibility for it
 * @throws {SmtpError}
 */
export async function deliver(open, server, mail, patience = 10_000) {
  const line = new Conversation(open(server.host, server.port, SECURITY[server.tls]), patience);
  try {
    await line.expect("greeting", 220);
    let hello = await line.say("EHLO", "EHLO belfry", 250);
    if (server.tls === "starttls") {
      if (!offers(hello, "STARTTLS"))
        throw new SmtpError("STARTTLS", "the server does not offer it");
      await line.say("STARTTLS", "STARTTLS", 220);
      line.secure();
      hello = await line.say("EHLO", "EHLO belfry", 250);
    }
    if (server.user && server.password) await logIn(line, hello, server.user, server.password);
    await line.say("MAIL", `MAIL FROM:<${mailbox(mail.from)}>`, 250);
    for (const to of mail.to) await line.say("RCPT", `RCPT TO:<${mailbox(to)}>`, 250, 251);
    await line.say("DATA", "DATA", 354);
    await line.say("message", `${stuffed(mail.text)}\r\n.`, 250);
    await line.say("QUIT", "QUIT", 221).catch(() => undefined);
  } finally {
    await line.close();
  }
}

/**
 * @param {Conversation} line
 * @param {Reply} hello
 * @param {string} user
 * @param {string} password
 */
async function logIn(line, hello, user, password) {
  if (offers(hello, "AUTH", "PLAIN")) {
    await line.say("AUTH PLAIN", `AUTH PLAIN ${base64(`\0${user}\0${password}`)}`, 235);
  } else if (offers(hello, "AUTH", "LOGIN")) {
    await line.say("AUTH LOGIN", "AUTH LOGIN", 334);
    await line.say("AUTH LOGIN", base64(user), 334);
    await line.say("AUTH LOGIN", base64(password), 235);
  } else {
    throw new SmtpError("AUTH", "the server offers neither PLAIN nor LOGIN");
  }
}

/** One line at a time in both directions, each step within its time. */
class Conversation {
  /**
   * @param {Socket} socket
   * @param {number} patience
   */
  constructor(socket, patience) {
    this.patience = patience;
    this.#use(socket);
  }

  #pending = "";
  #decoder = new TextDecoder();

  /** @param {Socket} socket */
  #use(socket) {
    this.socket = socket;
    this.reader = socket.readable.getReader();
    this.writer = socket.writable.getWriter();
  }

  /** Goes on over TLS; anything the server said in the clear before is forgotten. */
  secure() {
    const socket = /** @type {Socket} */ (this.socket);
    this.reader?.releaseLock();
    this.writer?.releaseLock();
    this.#pending = "";
    this.#use(socket.startTls());
  }

  /**
   * @param {string} step
   * @param {string} text
   * @param {...number} codes that mean success
   * @returns {Promise<Reply>}
   */
  async say(step, text, ...codes) {
    await this.#inTime(
      step,
      /** @type {WritableStreamDefaultWriter<Uint8Array>} */ (this.writer).write(
        bytes(`${text}\r\n`),
      ),
    );
    return this.expect(step, ...codes);
  }

  /**
   * @param {string} step
   * @param {...number} codes
   * @returns {Promise<Reply>}
   */
  async expect(step, ...codes) {
    const reply = await this.#inTime(step, this.#reply(step));
    if (!codes.includes(reply.code)) throw new SmtpError(step, `refused with ${reply.code}`);
    return reply;
  }

  /**
   * @param {string} step
   * @returns {Promise<Reply>}
   */
  async #reply(step) {
    const lines = [];
    for (;;) {
      const end = this.#pending.indexOf("\n");
      if (end >= 0) {
        const line = this.#pending.slice(0, end).replace(/\r$/, "");
        this.#pending = this.#pending.slice(end + 1);
        if (!/^\d{3}([ -]|$)/.test(line)) throw new SmtpError(step, "the answer is not SMTP");
        lines.push(line.slice(4));
        if (line[3] !== "-") return { code: Number(line.slice(0, 3)), lines };
        continue;
      }
      if (this.#pending.length > REPLY_BYTES || lines.length > 100)
        throw new SmtpError(step, "the answer has no end");
      const { done, value } = await /** @type {ReadableStreamDefaultReader<Uint8Array>} */ (
        this.reader
      ).read();
      if (done) throw new SmtpError(step, "the server hung up");
      this.#pending += this.#decoder.decode(value, { stream: true });
    }
  }

  /**
   * @template T
   * @param {string} step
   * @param {Promise<T>} work
   * @returns {Promise<T>}
   */
  async #inTime(step, work) {
    /** @type {number | null} */
    let timer = null;
    const late = new Promise((_, reject) => {
      timer = setTimeout(
        () => reject(new SmtpError(step, `no answer within ${this.patience} ms`)),
        this.patience,
      );
    });
    try {
      return await /** @type {Promise<T>} */ (Promise.race([work, late]));
    } catch (error) {
      work.catch(() => undefined);
      throw error instanceof SmtpError ? error : new SmtpError(step, "the connection failed");
    } finally {
      clearTimeout(timer);
    }
  }

  async close() {
    await this.socket?.close().catch(() => undefined);
  }
}

/**
 * @param {Reply} hello
 * @param {string} keyword
 * @param {string} [argument]
 */
function offers(hello, keyword, argument) {
  return hello.lines.some((line) => {
    const [first, ...rest] = line.toUpperCase().split(/[ =]+/);
    return first === keyword && (argument === undefined || rest.includes(argument));
  });
}

/**
 * The bare address of a mailbox such as `Belfry <belfry@example.org>`.
 * @param {string} address
 */
function mailbox(address) {
  const bare = (/<([^<>]*)>\s*$/.exec(address)?.[1] ?? address).trim();
  if (!/^[^\s<>\u0000-\u001f\u007f]+$/.test(bare))
    throw new SmtpError("address", "not a mail address");
  return bare;
}

/**
 * A line that begins with a dot gets another one, so that no text can end the message.
 * @param {string} text
 */
function stuffed(text) {
  return text
    .replace(/\r?\n|\r/g, "\r\n")
    .replace(/(^|\r\n)\./g, "$1..")
    .replace(/\r\n$/, "");
}

/** @param {string} text */
function bytes(text) {
  return new TextEncoder().encode(text);
}

/** @param {string} text */
function base64(text) {
  return btoa(Array.from(bytes(text), (byte) => String.fromCharCode(byte)).join(""));
}
