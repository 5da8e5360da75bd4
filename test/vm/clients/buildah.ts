// buildah with limits.

import { expect } from '@jest/globals';
import { type Caller, comparedInGuest } from '../callers.js';
import type { Guest } from '../containers.js';

const context = '/tmp/context-$(id -u)';
const flags = '--isolation oci --network none --layers=false --quiet';

const buildah: Caller = {
  name: 'buildah',
  peer: 'crun',
  words: (runtime) => `runtime=$(command -v ${runtime}); buildah`,
  prepare,
  cleanUp: 'buildah rm --all; buildah rmi --all --force',
};

async function prepare(guest: Guest): Promise<void> {
  await guest.output(
    `mkdir ${context} && cd ${context} && cp -R /vm/box box &&
    printf '%s\\n' 'FROM scratch' 'COPY box /' \\
      'RUN cd /sys/fs/cgroup; cat memory.max memory.swap.max cpu.max >/limits' \\
      'RUN cat /limits >&2' >Containerfile
    printf '%s\\n' 'FROM scratch' 'COPY box /' \\
      'RUN dd if=/dev/zero of=/dev/null bs=200M count=1' >Hungry
    buildah from --name first scratch`,
  );
}

comparedInGuest(buildah, 'limits', ['root', 'user'], (promise) => {
  const build = `bud --runtime $runtime ${flags}`;
  const last = `--file ${context}/Containerfile ${context}`;

  promise('--memory and --cpu-quota hold for RUN', async (session) => {
    const limits = '--memory 64m --memory-swap 64m --cpu-period 100000 --cpu-quota 50000';
    const { status, stderr } = await session.run(`${build} ${limits} ${last}`, () => '');
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringContaining('67108864\n0\n50000 100000\n'),
    });
  });

  promise('a RUN that uses up the memory is killed, and fails the build', async (session) => {
    const hungry = `--file ${context}/Hungry ${context}`;
    const line = `${build} --memory 24m --memory-swap 24m ${hungry}`;
    const { status, stderr } = await session.run(line, () => '');
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/killed/);
  });
});
