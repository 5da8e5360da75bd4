// What an image or a caller can ask of other runtimes, and what has led out of containers there.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { printed } from '../../rig/inside.js';
import { refusal } from '../../rig/refusal.js';
import { bothWays } from '../../rig/ways.js';

/** Read by crun and by podman; images and pods have a say in them. */
const annotations = {
  'run.oci.handler': 'krun',
  'krun.ram_mib': '512',
  'run.oci.keep_original_groups': '1',
  'run.oci.systemd.subgroup': 'elsewhere',
  'run.oci.mount_context_type': 'rootcontext',
  'run.oci.seccomp_fail_unknown_syscall': '1',
  'run.oci.seccomp_bpf_data': 'BgAAAAAA/38=',
  'run.oci.hooks.stdout': '/tmp/sampan-test-of-annotations',
  'run.oci.pidfd_receiver': '/tmp/sampan-test-of-annotations',
  'org.criu.config': '/tmp/sampan-test-of-annotations',
  'io.podman.annotations.privileged': 'TRUE',
  'io.podman.annotations.seccomp': 'unconfined',
};

bothWays(
  'CVE-2025-24965, CVE-2026-94603: annotations that ask for another way to run',
  (promise) => {
    promise('change nothing, in the container or in its root', async (rig) => {
      const bundle = await rig.bundle();
      bundle.give('rootfs').edit(({ root }) => Object.assign(root, { readonly: false }));
      const script =
        'id; grep -E "^(Cap|NoNewPrivs|Seccomp|Groups)" /proc/self/status; ' +
        'cut -d" " -f3- /proc/self/mountinfo | grep -v " - cgroup2" | sed "s/^[^ ]* //"; find / -xdev -type f | sort';
      const without = await printed(rig, bundle, script);
      bundle.edit((config) => Object.assign(config, { annotations }));
      expect(await printed(rig, bundle, script)).toBe(without);
    });
  },
);

const criu =
  'CVE-2026-119101, CVE-2026-115520, CVE-2026-119614: checkpoints with names of the image';

bothWays(criu, (promise) => {
  promise('are neither made nor restored', async (rig) => {
    const bundle = await rig.bundle();
    const image = rig.directory('image');
    mkdirSync(join(image, 'x'));
    const options = ['--image-path', image];
    for (const args of [
      ['checkpoint', ...options, rig.newId()],
      ['restore', ...options, '--bundle', bundle.path, rig.newId()],
    ]) {
      expect(await refusal(rig, args)).toMatch(`${args[0]}: not supported`);
    }
  });
});
