// The file that makes sampan known to podman, as it is shipped.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { compared } from './compare.js';
import { podman as caller, type Podman, runtimeWithRoot } from './podman.js';

const shipped = new URL('../../packaging/containers.conf.d/sampan.conf', import.meta.url);

/** Words that show podman the shipped file, and nothing else, where it looks for such files. */
function settings({ rig }: Podman): string[] {
  const home = rig.directory('home');
  const folder = join(home, '.config/containers');
  for (const name of ['.config', '.config/containers', '.config/containers/containers.conf.d']) {
    rig.directory(join('home', name));
  }
  const text = readFileSync(shipped, 'utf8');
  const here = text.replace('"/usr/local/bin/sampan"', `"${runtimeWithRoot(rig)}"`);
  expect(here).not.toBe(text);
  // It must be found before what is installed on this machine.
  writeFileSync(
    join(folder, 'containers.conf.d', 'sampan.conf'),
    here.replace('"/usr/bin/sampan", ', ''),
  );
  const limits = 'default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\npids_limit = 0\n';
  const engine = 'cgroup_manager = "cgroupfs"\nevents_logger = "none"\n';
  writeFileSync(join(folder, 'containers.conf'), `[containers]\n${limits}[engine]\n${engine}`);
  writeFileSync(join(folder, 'policy.json'), '{"default":[{"type":"insecureAcceptAnything"}]}');
  if (rig.identity.uid !== 0) return ['env', `HOME=${home}`];
  const enter = `mount --bind ${folder} /etc/containers && exec "$@"`;
  return ['unshare', '--mount', 'sh', '-c', enter, 'sh'];
}

compared(caller, 'with packaging/containers.conf.d/sampan.conf', (promise) => {
  promise(
    'knows sampan by its name, understands its errors, and lets it make no cgroup',
    async (podman) => {
      const words = settings(podman);
      const run = async (...args: string[]) => {
        const places = podman.places();
        const line = [...words, 'podman', ...places, '--runtime', 'sampan', 'run', '--rm'];
        const rest = ['--network', 'none', ...args];
        const ran = await podman.rig.execute([...line, ...rest]);
        return podman.transcript.note(rest, ran);
      };
      const rootfs = ['--rootfs', podman.rootfs];
      expect((await run(...rootfs, 'echo', 'hello')).stdout).toBe('hello\n');
      // Without runtime_supports_json podman would show a line of JSON.
      const absent = await run(...rootfs, 'wombat');
      expect(absent.status).toBe(127);
      expect(absent.stderr).toMatch(/^Error: (OCI runtime error: )?sampan: .*executable file/m);
      expect(absent.stderr).not.toContain('{');
      const bare = await run('--cgroups=disabled', ...rootfs, 'true');
      expect({ status: bare.status, stderr: bare.status ? bare.stderr : '' }).toEqual({
        status: 0,
        stderr: '',
      });
    },
    { peer: 'crun', telling: true },
  );
});
