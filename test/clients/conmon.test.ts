// conmon, which podman and CRI-O have the runtime called by.

import { expect } from '@jest/globals';
import { until } from '../rig/until.js';
import { compared } from './compare.js';
import { conmon as caller } from './conmon.js';

compared(caller, 'alone', (promise) => {
  promise(
    'create, start, the log of both outputs, and the status',
    async (conmon) => {
      const bundle = (await conmon.bundle()).runs('echo out; echo err >&2; printf rest; exit 7');
      const report = await conmon.create(bundle, 'c');
      expect(report.data).toBeGreaterThan(1);
      expect((await conmon.runtime('start', 'c')).status).toBe(0);
      expect(await conmon.exit('c')).toBe('7');
      expect(conmon.log('c')).toEqual(['stderr F err', 'stdout F out', 'stdout P rest']);
      expect((await conmon.runtime('delete', 'c')).status).toBe(0);
    },
    { telling: true },
  );

  promise('a signal that ends the program is 128 and its number', async (conmon) => {
    const bundle = (await conmon.bundle()).runs('exec sleep 1000');
    await conmon.create(bundle, 'c');
    await conmon.runtime('start', 'c');
    expect((await conmon.runtime('kill', 'c', 'KILL')).status).toBe(0);
    expect(await conmon.exit('c')).toBe('137');
    expect((await conmon.runtime('delete', 'c')).status).toBe(0);
  });

  promise('a terminal comes through the console socket', async (conmon) => {
    const bundle = (await conmon.bundle()).runs('tty; stty size').edit((config) => {
      config.process.terminal = true;
    });
    await conmon.create(bundle, 'c', ['--terminal']);
    await conmon.runtime('start', 'c');
    expect(await conmon.exit('c')).toBe('0');
    expect(conmon.log('c')[0]).toBe('stdout F /dev/pts/0\r');
    await conmon.runtime('delete', 'c');
  });

  promise('what cannot be created is reported with the reason', async (conmon) => {
    const bundle = (await conmon.bundle()).edit((config) => {
      config.process.args = ['wombat'];
    });
    const report = await conmon.create(bundle, 'c');
    expect(report.data).toBeLessThan(0);
    expect(report.message).toMatch(/executable file/);
    expect((await conmon.runtime('state', 'c')).status).toBe(1);
  });

  promise('exec runs in the container, and its status is written down', async (conmon) => {
    const bundle = (await conmon.bundle()).runs('exec sleep 1000');
    await conmon.create(bundle, 'c');
    await conmon.runtime('start', 'c');
    const args = ['/bin/sh', '-c', 'echo from exec; id -u; exit 5'];
    const process = { args, cwd: '/', env: ['PATH=/bin'], user: { uid: 0, gid: 0 } };
    expect((await conmon.exec('c', process)).data).toBeGreaterThan(1);
    await until(() => conmon.logged('exec0').length === 2);
    expect(conmon.log('exec0')).toEqual(['stdout F 0', 'stdout F from exec']);
    expect(await conmon.exit('c')).toBe('5');
    const absent = await conmon.exec('c', { ...process, args: ['wombat'] });
    expect(absent.data).toBeLessThan(0);
    expect(absent.message).toMatch(/executable file/);
  });

  promise('a container that takes too long is killed', async (conmon) => {
    const bundle = (await conmon.bundle()).runs('exec sleep 1000');
    await conmon.create(bundle, 'c', ['--timeout', '1']);
    await conmon.runtime('start', 'c');
    expect(await conmon.exit('c')).toBe('-1');
  });
});
