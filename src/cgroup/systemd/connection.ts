// A connection to systemd over D-Bus. A launch is one sequence of system calls under a lock, without
// an event loop, and so are calls here: each waits for its answer.

import * as fs from 'node:fs';
import { bytesOf, concat } from '../../bytes.js';
import { fail } from '../../failure.js';
import { codeOf } from '../../host/system-failure.js';
import type { Message } from '../../native/addon.js';
import { addon } from '../../native/load.js';
import type { Address } from './addresses.js';
import {
  type Call,
  decodeMessage,
  encodeCall,
  FIXED_BYTES,
  lengthOf,
  type Received,
} from './message.js';
import type { DBusValue } from './signature.js';

/** Longest wait for an answer, in seconds; as long as runc's. */
const ANSWER_S = 30;
/** Longest line of the authentication, as libdbus has it. */
const LINE_BYTES = 16 * 1024;
/** A line ends in CR LF. */
const LF = 0x0a;

/** What the other end refused. */
export class Refused extends Error {
  constructor(
    /** `org.freedesktop.systemd1.UnitExists`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'Refused';
  }
}

/** One connection; the owner closes it. */
export class Connection {
  private serial = 0;
  private unread: Uint8Array = new Uint8Array(0);
  /** Signals that came while an answer was awaited. */
  private readonly signals: Received[] = [];

  private constructor(
    private readonly socket: number,
    private readonly bus: boolean,
  ) {}

  /** Connects and says who is there. Throws `Failed`, or a system error. */
  static open({ path, bus }: Address): Connection {
    const connection = new Connection(addon().connectStream(path, ANSWER_S), bus);
    try {
      connection.authenticate();
      if (bus) connection.call({ ...BUS, member: 'Hello' });
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Calls a method of systemd; what it returns. Throws `Refused`. */
  call(call: Call): readonly DBusValue[] {
    this.serial += 1;
    const { destination = 'org.freedesktop.systemd1', ...rest } = call;
    // Without a bus there is no one else to whom it could go.
    this.send(encodeCall(this.bus ? { ...rest, destination } : rest, this.serial));
    for (;;) {
      const message = this.receive();
      if (message.kind === 'signal') this.signals.push(message);
      if (message.answers !== this.serial) continue;
      if (message.kind === 'error') throw new Refused(message.error, String(message.body[0] ?? ''));
      return message.body;
    }
  }

  /** Has the bus pass on signals of systemd's manager that are called `member`. */
  listen(member: string): void {
    const rule = `type='signal',sender='org.freedesktop.systemd1',interface='org.freedesktop.systemd1.Manager',member='${member}'`;
    if (this.bus) this.call({ ...BUS, member: 'AddMatch', signature: 's', body: [rule] });
  }

  /** The body of the first signal `member` that is `wanted`; waits for it. */
  signal(member: string, wanted: (body: readonly DBusValue[]) => boolean): readonly DBusValue[] {
    for (;;) {
      const message = this.signals.shift() ?? this.receive();
      if (message.kind === 'signal' && message.member === member && wanted(message.body)) {
        return message.body;
      }
    }
  }

  close(): void {
    fs.closeSync(this.socket);
  }

  /**
   * SASL EXTERNAL without a name: the other end takes that of the socket's credentials, which is
   * right in every user namespace (D-Bus specification, "Authentication Protocol"). All of it at once,
   * as systemd's own clients do: when systemd reads BEGIN together with the first call, it does not
   * look at the call until something else comes.
   */
  private authenticate(): void {
    this.send(bytesOf('\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n'));
    this.expect('DATA');
    this.expect('OK');
  }

  private expect(word: string): void {
    while (!this.unread.includes(LF) && this.unread.length < LINE_BYTES) this.more();
    const end = this.unread.indexOf(LF) + 1;
    const line = String.fromCharCode(...this.unread.subarray(0, end)).trimEnd();
    this.unread = this.unread.subarray(end);
    if (line.split(' ', 1)[0] === word) return;
    fail({ doing: TALK, cause: `the bus does not let this user in: "${line}"` });
  }

  private send(bytes: Uint8Array): void {
    addon().send(this.socket, bytes);
  }

  private receive(): Received {
    try {
      return this.message();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return fail({ doing: TALK, cause: `what it sent is no message: ${error.message}` });
    }
  }

  private message(): Received {
    while (this.unread.length < FIXED_BYTES) this.more();
    const length = lengthOf(this.unread);
    while (this.unread.length < length) this.more();
    const message = decodeMessage(this.unread.subarray(0, length));
    this.unread = this.unread.subarray(length);
    return message;
  }

  private more(): void {
    const received = this.wait();
    if (received === null) fail({ doing: TALK, cause: 'it closed the connection' });
    else this.unread = concat(this.unread, received.bytes);
  }

  private wait(): Message | null {
    try {
      return addon().receive(this.socket);
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error;
      return fail({ doing: TALK, cause: `no answer within ${ANSWER_S} s` });
    }
  }
}

const TALK = 'talk to systemd';

const BUS = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
} as const;
