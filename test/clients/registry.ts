// Debian's docker-registry on a port of its own, with its files in a rig.

import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { Running } from '../rig/execute.js';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';

export class Registry {
  private constructor(
    /** `127.0.0.1:PORT`. */
    readonly address: string,
    private readonly running: Running,
  ) {}

  static async start(rig: Rig): Promise<Registry> {
    const port = await freePort();
    const address = `127.0.0.1:${port}`;
    const settings = {
      version: 0.1,
      log: { level: 'error' },
      storage: { filesystem: { rootdirectory: rig.directory('registry') } },
      http: { addr: address },
    };
    const file = join(rig.dir, 'registry.json');
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(settings), { mode: 0o644 });
    const running = rig.launch(['docker-registry', 'serve', file], { timeout: 150_000 });
    if (!(await until(() => answers(port), 10_000))) throw new Error('docker-registry is silent');
    return new Registry(address, running);
  }

  async end(): Promise<void> {
    this.running.signal('SIGTERM');
    await this.running.ended;
  }
}

/** A port that nobody listens on at this moment. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (found: boolean) => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}
