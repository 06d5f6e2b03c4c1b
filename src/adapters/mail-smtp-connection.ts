import type { SmtpServer } from './mail-smtp-url.ts';

/** `connect` of `cloudflare:sockets`, which only workerd can import. */
export type Connect = (address: SocketAddress, options: SocketOptions) => Socket;

export interface SmtpReply {
  code: number;
  /** The text of each line, without the code. */
  lines: string[];
}

const MAX_REPLY_CHARACTERS = 16_384;
const CLOSE_DEADLINE_MS = 1_000;

/**
 * One SMTP connection, a step at a time. Every method names its step, ends within the deadline, and throws an Error
 * that names server, step and reply code; the text of a reply may echo what was sent, so it is never repeated.
 */
export class SmtpConnection {
  #socket: Socket;
  #reader: ReadableStreamDefaultReader<Uint8Array>;
  #writer: WritableStreamDefaultWriter<Uint8Array>;
  #received = '';
  #secure: boolean;
  readonly #server: string;
  readonly #deadlineMs: number;

  constructor(connect: Connect, server: SmtpServer, deadlineMs: number) {
    this.#server = `${server.host}:${server.port}`;
    this.#deadlineMs = deadlineMs;
    this.#secure = server.implicitTls;
    const secureTransport = server.implicitTls ? 'on' : 'starttls';
    this.#socket = connect({ hostname: server.host, port: server.port }, { secureTransport, allowHalfOpen: false });
    this.#reader = this.#socket.readable.getReader();
    this.#writer = this.#socket.writable.getWriter();
    ignoreClosing(this.#socket);
  }

  get secure(): boolean {
    return this.#secure;
  }

  opened(): Promise<SocketInfo> {
    return this.#within('connect', this.#socket.opened);
  }

  /** Waits for the reply to `step` and throws unless its code is one of `expected`. */
  expect(step: string, ...expected: number[]): Promise<SmtpReply> {
    return this.#within(step, this.#readReply(expected));
  }

  /** Sends one line, to which this adds CRLF, or a whole message; then as `expect`. */
  async command(step: string, line: string, ...expected: number[]): Promise<SmtpReply> {
    await this.#within(step, this.#writer.write(new TextEncoder().encode(`${line}\r\n`)));
    return this.expect(step, ...expected);
  }

  /**
   * Changes to TLS after the server agreed to STARTTLS. Whether the handshake failed, for instance because the
   * certificate is not valid for the host, only the next command tells; nothing is sent in the clear meanwhile.
   */
  startTls(): void {
    // Text that came before the handshake is not protected by it: someone between could have added a reply.
    if (this.#received !== '') throw this.failure('STARTTLS', 'sent data ahead of the TLS handshake');
    this.#reader.releaseLock();
    this.#writer.releaseLock();
    this.#socket = this.#socket.startTls();
    this.#reader = this.#socket.readable.getReader();
    this.#writer = this.#socket.writable.getWriter();
    ignoreClosing(this.#socket);
    this.#secure = true;
  }

  /** Never throws: by now the fate of the mail is known, and a failing close must not hide it. */
  async close(): Promise<void> {
    await this.#within('close', this.#socket.close(), CLOSE_DEADLINE_MS).catch(() => undefined);
  }

  /** The error of a step, for a caller that ends the conversation itself. */
  failure(step: string, reason: string): Error {
    return new Error(`Mail not sent: SMTP server ${this.#server}, ${step}: ${reason}.`);
  }

  async #readReply(expected: number[]): Promise<SmtpReply> {
    const lines: string[] = [];
    let room = MAX_REPLY_CHARACTERS;
    for (;;) {
      const line = await this.#readLine(room);
      room -= line.length + 1;
      if (!/^[2-5]\d\d([ -]|$)/.test(line)) throw new Error('the answer is not SMTP');
      lines.push(line.slice(4));
      if (line[3] === '-') continue;
      const code = Number(line.slice(0, 3));
      if (!expected.includes(code)) throw new Error(`refused with ${code}${enhancedCode(line)}`);
      return { code, lines };
    }
  }

  async #readLine(room: number): Promise<string> {
    for (;;) {
      const end = this.#received.indexOf('\n');
      if ((end < 0 ? this.#received.length : end) > room) throw new Error('the answer is too long');
      if (end >= 0) {
        const line = this.#received.slice(0, end).replace(/\r$/, '');
        this.#received = this.#received.slice(end + 1);
        return line;
      }
      const { done, value } = await this.#reader.read();
      if (done) throw new Error('the server closed the connection');
      this.#received += new TextDecoder('latin1').decode(value);
    }
  }

  async #within<T>(step: string, work: Promise<T>, deadlineMs = this.#deadlineMs): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs);
    });
    try {
      return await Promise.race([work, late]);
    } catch (error) {
      throw this.failure(step, error instanceof Error ? error.message : 'unknown error');
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The status of RFC 3463 when the reply has one: digits and dots only, so it is safe to repeat. */
function enhancedCode(line: string): string {
  const code = /^\d{3} ([245]\.\d{1,3}\.\d{1,3})( |$)/.exec(line)?.[1];
  return code === undefined ? '' : ` ${code}`;
}

/** A socket that breaks also rejects these two; reading and writing report the same failure. */
function ignoreClosing(socket: Socket): void {
  socket.closed.catch(() => undefined);
  socket.opened.catch(() => undefined);
}
