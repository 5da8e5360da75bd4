// The host around a launch: what others prepared there is not trusted.

import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { runtimeFor } from '../../rig/executable.js';
import { numericUser, ordinaryUser } from '../../rig/identity.js';
import { printed } from '../../rig/inside.js';
import { until } from '../../rig/until.js';
import { asOther, asRoot, asUser, bothWays } from '../../rig/ways.js';

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

/** Whom no other test is: without a runtime directory the state is in /tmp. */
const loner = numericUser(23457);
const predictable = `/tmp/sampan-${loner.uid}`;

asOther('CVE-2019-12439: a predictable directory in /tmp', loner, (promise) => {
  const attacker = 4711;
  const prepared: Record<string, (own: string) => void> = {
    'a directory of another user': () => mkdirSync(predictable, { mode: 0o777 }),
    'one that all may write to': () => {
      mkdirSync(predictable);
      chmodSync(predictable, 0o777);
      chownSync(predictable, loner.uid, loner.uid);
    },
    'a link to a directory of one’s own': (own) => symlinkSync(own, predictable),
    'a link to nothing': () => symlinkSync('/tmp/sampan-23457-not-there', predictable),
    'a file': () => writeFileSync(predictable, ''),
  };
  for (const [what, prepare] of Object.entries(prepared)) {
    promise(`${what} is not used, and nothing is made in it`, async (rig) => {
      const bundle = await rig.bundle();
      const own = rig.directory('own', 0o700);
      try {
        prepare(own);
        if (what !== 'one that all may write to') lchownSync(predictable, attacker, attacker);
        const line = [runtimeFor(rig.identity), 'run', '-b', bundle.path, rig.newId()];
        const ran = await rig.execute(line, { env: { XDG_RUNTIME_DIR: '' } });
        expect(ran.status).toBe(1);
        expect(ran.stderr).toMatch(/state directory: \/tmp\/sampan-23457: .*; give --root DIR/);
        expect(readdirSync(own)).toEqual([]);
        if (statSync(predictable, { throwIfNoEntry: false })?.isDirectory())
          expect(readdirSync(predictable)).toEqual([]);
        expect(existsSync('/tmp/sampan-23457-not-there')).toBe(false);
      } finally {
        rmSync(predictable, { recursive: true, force: true });
      }
    });
  }
});

bothWays('the service manager’s socket made useless by a container', (promise) => {
  promise('its file stays as it is', async (rig) => {
    const path = join(rig.directory('manager'), 'notify');
    const manager = rig.launch([rig.program('datagram'), 'receive', path]);
    expect(await until(() => manager.outputSoFar() === 'bound\n')).toBe(true);
    const { mode, uid } = statSync(path);
    const script = 'chmod 0 $NOTIFY_SOCKET 2>&1; chown 1:1 $NOTIFY_SOCKET 2>&1; true';
    const bundle = (await rig.bundle()).runs(script);
    const { stdout } = await rig.run(bundle, { env: { NOTIFY_SOCKET: path } });
    expect(stdout).toMatch(/^chmod: .*Read-only file system\nchown: .*Read-only file system\n$/);
    expect(statSync(path)).toMatchObject({ mode, uid });
    manager.signal('SIGKILL');
    await manager.ended;
  });
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
