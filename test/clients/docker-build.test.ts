// `docker build`, with the builder that uses Docker's own containers and with BuildKit, which calls
// the runtime by itself, as `runc run`.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect } from '@jest/globals';
import { sampan } from '../rig/executable.js';
import type { Ran } from '../rig/execute.js';
import { asRoot } from './as-root.js';
import { docker as caller, type Docker, dockers } from './docker.js';
import { imageName } from './image.js';

afterAll(() => dockers.end());

const tag = 'localhost/built';
const quiet = { show: () => '' };

/** `docker build` of a Dockerfile and a file called `file`. */
function build(docker: Docker, kit: '0' | '1', lines: readonly string[]): Promise<Ran> {
  const context = docker.place('context');
  writeFileSync(join(context, 'Dockerfile'), [`FROM ${imageName}`, ...lines, ''].join('\n'));
  writeFileSync(join(context, 'file'), 'copied\n');
  const flags = ['--no-cache', '--network', 'none', '--build-arg', 'A=a', '--tag', tag];
  if (kit === '1') docker.mayLeave(leftByRuntime(docker));
  const env = { DOCKER_BUILDKIT: kit, BUILDKIT_PROGRESS: 'plain' };
  return docker.command(['build', ...flags, context], { env, ...quiet });
}

/** BuildKit names no directory for the state; and runc leaves the cgroup above its own. */
function leftByRuntime({ rig, service }: Docker): string[] {
  if (rig.runtime.path === sampan.path) return ['file /run/sampan'];
  return ['file /run/runc', `cgroup /sys/fs/cgroup${service.view.cgroup}/buildkit`];
}

const good = [
  'ARG A=nothing',
  'ENV B=b',
  'WORKDIR /work',
  'COPY file .',
  'RUN echo "$A $B" > made && cat file >> made && chmod 1777 /tmp && id -u >> made',
  'RUN ["sh", "-c", "stat -c %T:%t /dev/null >> made; test -w /proc/self/comm"]',
  'USER nobody',
  'RUN id -un > /tmp/who',
  'CMD cat made /tmp/who',
];

asRoot(caller, 'build', (promise) => {
  for (const [kit, name] of [
    ['0', 'the classic builder'],
    ['1', 'BuildKit'],
  ] as const) {
    promise(
      `${name} builds an image that runs`,
      async (docker) => {
        const { status, stderr } = await build(docker, kit, good);
        expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
        const ran = await docker.command(['run', '--rm', '--network', 'none', tag]);
        expect(ran.stdout).toBe('a b\ncopied\n0\n3:1\nnobody\n');
        await docker.command(['rmi', '--force', tag], quiet);
      },
      { telling: kit === '1' },
    );

    promise(`${name} ends with a step that fails`, async (docker) => {
      const { status, stdout, stderr } = await build(docker, kit, ['RUN echo so; exit 3']);
      expect(status).toBe(kit === '0' ? 3 : 1);
      expect(stdout + stderr).toMatch(/so\b[\s\S]*code: 3/);
    });

    promise(`${name} tells of a program that is not there`, async (docker) => {
      const { status, stdout, stderr } = await build(docker, kit, ['RUN ["wombat"]']);
      expect(status).toBe(1);
      expect(stdout + stderr).toMatch(/"wombat": executable file not found in \$PATH/);
    });
  }
});
