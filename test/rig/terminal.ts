// A real terminal with someone at it: tmux, on a server of its own.

import { execa } from 'execa';
import { until } from './until.js';

/** Characters. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Shows how the command ended, and keeps the screen. */
const wrapper = '"$@"; echo "[ended with $?]"; exec sleep 1000';

/** A command in a terminal. */
export class Terminal {
  private constructor(private readonly socket: string) {}

  /** Starts `argv` with exactly `environment` (and TERM) in a terminal of `size`. */
  static async open(
    socket: string,
    argv: readonly string[],
    environment: Record<string, string>,
    { columns, rows }: Size = { columns: 80, rows: 24 },
  ): Promise<Terminal> {
    const terminal = new Terminal(socket);
    const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const command = ['env', '-i', ...variables, 'TERM=screen', 'sh', '-c', wrapper, 'sh', ...argv];
    const size = ['-x', String(columns), '-y', String(rows)];
    await terminal.tmux('new-session', '-d', ...size, ...command);
    return terminal;
  }

  /** Types text as it is. */
  async type(text: string): Promise<void> {
    await this.tmux('send-keys', '-l', text);
  }

  /** Presses keys by their names in tmux(1): `Enter`, `C-c`, `C-z`. */
  async press(...keys: string[]): Promise<void> {
    await this.tmux('send-keys', ...keys);
  }

  /** Types a line and presses Enter. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.press('Enter');
  }

  async resize({ columns, rows }: Size): Promise<void> {
    await this.tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** What is to be seen, without blank lines at its end; long lines are joined. */
  async screen(): Promise<string> {
    return (await this.tmux('capture-pane', '-p', '-J')).trimEnd();
  }

  /** Waits until the screen shows `text`; the error has the screen. */
  async shows(text: string | RegExp, milliseconds = 10_000): Promise<string> {
    let screen = '';
    const found = async () => {
      screen = await this.screen();
      return typeof text === 'string' ? screen.includes(text) : text.test(screen);
    };
    if (await until(found, milliseconds)) return screen;
    throw new Error(`the terminal does not show ${text}, but:\n${screen}`);
  }

  /** Waits for the command's end and returns its status. */
  async status(): Promise<number> {
    const ended = /\[ended with (\d+)\]/;
    return Number(ended.exec(await this.shows(ended))?.[1]);
  }

  /** Path of the terminal device. */
  async device(): Promise<string> {
    return (await this.tmux('display-message', '-p', '#{pane_tty}')).trim();
  }

  /** Ends the terminal with all that runs in it; SIGHUP for its foreground job. */
  async close(): Promise<void> {
    await execa('tmux', ['-S', this.socket, 'kill-server'], { reject: false });
  }

  private async tmux(...args: string[]): Promise<string> {
    // /dev/null: no one's own settings.
    const { stdout } = await execa('tmux', ['-S', this.socket, '-f', '/dev/null', ...args]);
    return stdout;
  }
}
