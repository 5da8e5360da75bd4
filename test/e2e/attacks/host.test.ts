// The host around a launch: what others prepared there is not trusted.

import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { runtimeFor } from '../../rig/executable.js';
import { ordinaryUser } from '../../rig/identity.js';
import { printed } from '../../rig/inside.js';
import { asRoot, asUser, bothWays } from '../../rig/ways.js';

const { subuid } = ordinaryUser();

asUser('CVE-2026-84042: helpers found by PATH', (promise) => {
  promise.needs(subuid !== undefined, 'the user has no subordinate ids')(
    'are not: newuidmap and newgidmap come from the system’s folders',
    async (rig) => {
      const bundle = (await rig.bundle()).useIdRanges();
      const hostile = rig.directory('hostile');
      const marker = join(hostile, 'ran');
      for (const name of ['newuidmap', 'newgidmap', 'sampan', 'sampan-init', 'getent', 'true']) {
        writeFileSync(join(hostile, name), `#!/bin/sh\necho ${name} >>${marker}\nexit 1\n`);
        chmodSync(join(hostile, name), 0o755);
      }
      for (const path of [hostile, `${hostile}:/usr/bin:/bin`, '', '.']) {
        const line = ['env', `PATH=${path}`, ...rig.commandLine(), 'run', '-b', bundle.path];
        const ran = await rig.execute([...line, rig.newId()], { cwd: hostile });
        expect({ path, status: ran.status, stderr: ran.stderr }).toEqual({
          ...{ path, status: 0, stderr: '' },
        });
        expect(existsSync(marker)).toBe(false);
      }
    },
  );
});

bothWays('an environment that leaks into the container', (promise) => {
  promise('has nothing in it but what config.json says', async (rig) => {
    const bundle = await rig.bundle();
    const env = { SECRET: 'of the host', LD_PRELOAD: '/nowhere.so', BASH_ENV: '/nowhere' };
    const text = await printed(rig, bundle, 'env', { env });
    const names = text.split('\n').map((line) => line.split('=')[0]);
    for (const name of ['SECRET', 'LD_PRELOAD', 'BASH_ENV', 'SAMPAN_RIG', 'XDG_RUNTIME_DIR']) {
      expect(names).not.toContain(name);
    }
  });
});

asUser('CVE-2019-12439: a predictable directory in /tmp', (promise) => {
  promise(
    'is not used: without a runtime directory there is no state, nothing elsewhere',
    async (rig) => {
      const bundle = await rig.bundle();
      const before = readdirSync('/tmp');
      const line = [runtimeFor(rig.identity), 'run', '-b', bundle.path, 'x'];
      const ran = await rig.execute(line, { env: { XDG_RUNTIME_DIR: '' } });
      expect(ran.status).toBe(1);
      expect(ran.stderr).toContain('XDG_RUNTIME_DIR is not set to an absolute path');
      expect(readdirSync('/tmp').filter((name) => /sampan(?!-rig|-test)/.test(name))).toEqual(
        before.filter((name) => /sampan(?!-rig|-test)/.test(name)),
      );
    },
  );
});

bothWays('a state root', (promise) => {
  promise('prepared by someone else is refused', async (rig) => {
    const bundle = await rig.bundle();
    const runtime = rig.directory('runtime', 0o777);
    const state = join(runtime, 'sampan');
    mkdirSync(state);
    chmodSync(state, 0o777);
    const line = [runtimeFor(rig.identity), '--root', state, 'run', '-b', bundle.path, 'x'];
    const ran = await rig.execute(line);
    expect(ran.status).toBe(1);
    expect(ran.stderr).toMatch(/writable by other users|belongs to uid/);
    expect(readdirSync(state)).toEqual([]);
  });
});

bothWays('CVE-2020-5291, CVE-2026-41163: the runtime as a setuid program', (promise) => {
  promise('it is none', (rig) => {
    expect(statSync(runtimeFor(rig.identity)).mode & 0o6000).toBe(0);
  });
});

asRoot('a temporary directory of another user', (promise) => {
  promise('is not where the demo of root makes and executes a file', async (rig) => {
    const { uid, gid } = ordinaryUser();
    for (const place of ['own', 'own/deeper', 'shared']) {
      const path = rig.directory(place, 0o755);
      if (place === 'own') chownSync(path, uid, gid);
      if (place === 'shared') chmodSync(path, 0o777);
      const before = statSync(path).mtimeMs;
      const env = { XDG_RUNTIME_DIR: path, TMPDIR: path };
      expect(await rig.command(['demo'], { env })).toMatchObject({ status: 0 });
      expect({ place, changed: statSync(path).mtimeMs }).toEqual({ place, changed: before });
    }
  });
});
