// Labels of security modules. Where one is on they are tried in the guest (test/vm/quick/apparmor.ts).

import { existsSync, readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { detached, printed } from '../rig/inside.js';
import { onlyLine, refusal } from '../rig/refusal.js';
import { bothWays } from '../rig/ways.js';

const PARAMETER = '/sys/module/apparmor/parameters/enabled';
const apparmor = existsSync(PARAMETER) && readFileSync(PARAMETER, 'utf8').startsWith('Y');
const selinux = existsSync('/sys/fs/selinux/enforce');

bothWays('labels of security modules that are not on', (promise) => {
  promise.needs(!apparmor, 'AppArmor is on')(
    'a process that should be confined by a profile does not run without',
    async (rig) => {
      const bundle = await rig.bundle();
      bundle.edit(({ process }) => Object.assign(process, { apparmorProfile: 'docker-default' }));
      const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
      expect(line).toMatch(/docker-default: AppArmor is not on .*\/process\/apparmorProfile/);
    },
  );

  promise.needs(!apparmor, 'AppArmor is on')('exec --apparmor neither', async (rig) => {
    const { id, remove } = await detached(rig, await rig.bundle());
    const ran = await rig.command(['exec', '--apparmor', 'docker-default', id, 'echo', 'ran']);
    expect(ran.status).toBe(255);
    expect(onlyLine(ran)).toMatch(/docker-default: AppArmor is not on/);
    const free = await rig.command(['exec', '--apparmor', 'unconfined', id, 'echo', 'ran']);
    expect(free).toMatchObject({ status: 0, stdout: 'ran\n', stderr: '' });
    await remove();
  });

  promise.needs(!apparmor, 'AppArmor is on')('nothing stands against "unconfined"', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => Object.assign(process, { apparmorProfile: 'unconfined' }));
    expect(await printed(rig, bundle, 'echo runs')).toBe('runs\n');
  });

  promise.needs(!selinux, 'SELinux is on')(
    'nor without its SELinux label, not by exec either',
    async (rig) => {
      const label = 'system_u:system_r:container_t:s0:c1,c2';
      const bundle = await rig.bundle();
      bundle.edit(({ process }) => Object.assign(process, { selinuxLabel: label }));
      const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
      expect(line).toMatch(/container_t.*: SELinux is not on .*\/process\/selinuxLabel/);
      bundle.edit(({ process }) => Object.assign(process, { selinuxLabel: '' }));
      const id = rig.newId();
      await rig.run(bundle.runs('exec sleep 1000'), { id, flags: ['--detach'] });
      const ran = await rig.command(['exec', '--process-label', label, id, 'true']);
      expect(ran.status).toBe(255);
      expect(ran.stderr).toContain('SELinux is not on');
      await rig.command(['delete', '--force', id]);
    },
  );
});
