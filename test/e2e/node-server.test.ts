// An HTTP server of Node.js in the host's network namespace, from create to delete.

import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { execaSync } from 'execa';
import type { Bundle } from '../rig/bundle.js';
import type { Ran } from '../rig/execute.js';
import type { Rig } from '../rig/rig.js';
import { until } from '../rig/until.js';
import { bothWays } from '../rig/ways.js';

const server = `
  const server = require('node:http').createServer((request, response) => {
    const about = { pid: process.pid, uid: process.getuid(), url: request.url };
    response.setHeader('connection', 'close');
    response.end(JSON.stringify(about));
  });
  process.on('SIGTERM', () => server.close(() => console.log('closed')));
  server.listen(0, '127.0.0.1', () => console.log('port', server.address().port));
`;

bothWays('a Node.js server', (promise) => {
  promise('answers a request on the host network, ends by kill, is deleted', async (rig) => {
    const bundle = await nodeBundle(rig);
    const { id, ran } = await rig.create(bundle);
    expect(await rig.state(id)).toMatchObject({ id, status: 'created' });
    expect(ran.outputSoFar()).toBe('');

    expect(await rig.command(['start', id])).toMatchObject({ status: 0, stderr: '' });
    const answer = await fetch(`http://127.0.0.1:${await port(ran)}/hello`);
    expect(await answer.json()).toEqual({ pid: 1, uid: 0, url: '/hello' });
    expect(await rig.state(id)).toMatchObject({ status: 'running' });

    expect(await rig.command(['kill', id])).toMatchObject({ status: 0, stderr: '' });
    expect(await until(async () => (await rig.state(id)).status === 'stopped')).toBe(true);
    expect(ran.outputSoFar()).toMatch(/closed\n$/);
    expect(await rig.state(id)).toMatchObject({ status: 'stopped', pid: 0 });

    expect(await rig.command(['delete', id])).toMatchObject({ status: 0, stderr: '' });
    expect((await rig.command(['state', id])).stderr).toContain('does not exist');
  });
});

async function port(ran: Ran): Promise<number> {
  const line = /^port (\d+)$/m;
  await until(() => line.test(ran.outputSoFar()), 20_000);
  return Number(line.exec(ran.outputSoFar())?.[1]);
}

/** This very Node.js with its libraries, bound read-only into a busybox root filesystem. */
async function nodeBundle(rig: Rig): Promise<Bundle> {
  const bundle = await rig.bundle();
  writeFileSync(join(bundle.rootfs, 'server.js'), server);
  const paths = ['/node', ...libraries(process.execPath)];
  return bundle.edit((config) => {
    config.process.args = ['/node', '/server.js'];
    config.root.readonly = false;
    config.linux.namespaces = config.linux.namespaces.filter(({ type }) => type !== 'network');
    for (const destination of paths) {
      const source = destination === '/node' ? nodeFor(rig) : destination;
      config.mounts.push({ destination, source, type: 'bind', options: ['bind', 'ro'] });
    }
  });
}

/** Node.js may be in the home directory of root. */
function nodeFor({ identity, dir }: Rig): string {
  const [command = '', ...args] = [...identity.prefix, 'test', '-x', process.execPath];
  if (execaSync(command, args, { reject: false }).exitCode === 0) return process.execPath;
  copyFileSync(process.execPath, join(dir, 'node'));
  return join(dir, 'node');
}

/** What the dynamic loader would map (ldd(1)), the loader itself included. */
function libraries(program: string): string[] {
  const { stdout } = execaSync('ldd', [program]);
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);
}
