// Images of podman: made on the spot, from archives, through a registry, and built.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { execa } from 'execa';
import { canMakeDebian, debianTree } from '../rig/rootfs.js';
import { compared } from './compare.js';
import { podman as caller, type Podman } from './podman.js';
import { Registry } from './registry.js';

const quiet = { show: () => '' };

/** An image `box` of the busybox tree. */
async function box(podman: Podman, tree = podman.rootfs): Promise<string> {
  const archive = join(podman.rig.dir, 'box.tar');
  const owners = ['--numeric-owner', '--owner=0', '--group=0'];
  // By the tests themselves: the tree has files that only root may read.
  await execa('tar', [...owners, '-C', tree, '-cf', archive, '.']);
  const changes = ['--change', 'CMD ["echo","image"]', '--change', 'ENV A=b'];
  const { status, stderr } = await podman.command(['import', ...changes, archive, 'box'], quiet);
  if (status !== 0) throw new Error(stderr);
  return archive;
}

function run(podman: Podman, ...args: string[]) {
  return podman.command(['run', '--rm', '--network', 'none', ...args]);
}

compared(caller, 'images', (promise) => {
  promise(
    'an image comes from an archive, is saved and loaded, and run',
    async (podman) => {
      await box(podman);
      expect((await run(podman, 'box')).stdout).toBe('image\n');
      const file = join(podman.rig.dir, 'saved.tar');
      expect((await podman.command(['save', '--quiet', '--output', file, 'box'])).status).toBe(0);
      expect((await podman.command(['rmi', '--force', 'box'], quiet)).status).toBe(0);
      expect((await podman.command(['load', '--quiet', '--input', file], quiet)).status).toBe(0);
      expect((await run(podman, 'box', 'sh', '-c', 'echo $A; id -u')).stdout).toBe('b\n0\n');
    },
    { telling: true },
  );

  promise('with maps of its own the image belongs to the container', async (podman) => {
    await box(podman);
    const maps = ['--uidmap', '0:2000:5000', '--gidmap', '0:2000:5000'];
    const script =
      'stat -c %u:%g / /bin/busybox; touch /root/x && echo mine; cat /proc/self/uid_map';
    const { stdout } = await run(podman, ...maps, 'box', 'sh', '-c', script);
    expect(stdout).toMatch(/^0:0\n0:0\nmine\n +0 +2000 +5000\n$/);
  });

  promise('what is changed is seen by diff, and committed to a new image', async (podman) => {
    await box(podman);
    const line = ['run', '--name', 'changes', '--network', 'none', 'box', 'sh', '-c'];
    await podman.command([...line, 'echo new > /root/new; rm /etc/group']);
    const { stdout } = await podman.command(['diff', 'changes'], { show: lines });
    expect(stdout).toContain('A /root/new\n');
    expect((await podman.command(['commit', '--quiet', 'changes', 'new'], quiet)).status).toBe(0);
    expect((await run(podman, 'new', 'cat', '/root/new')).stdout).toBe('new\n');
  });

  promise('build runs the commands of a file', async (podman) => {
    await box(podman);
    const context = podman.rig.directory('context');
    const file = [
      'FROM box',
      'ARG WORD=default',
      'COPY here /there',
      'RUN id -u > /root/user && cat /there >> /root/user',
      'RUN echo $WORD >> /root/user && chmod 1777 /tmp',
      'USER 33:44',
      'WORKDIR /tmp',
      'RUN id -u >> /tmp/user; id -g >> /tmp/user; pwd >> /tmp/user',
      'HEALTHCHECK NONE',
      'ENTRYPOINT ["cat", "/root/user", "/tmp/user"]',
    ];
    writeFileSync(join(context, 'here'), 'copied\n', { mode: 0o644 });
    writeFileSync(join(context, 'Containerfile'), file.join('\n'), { mode: 0o644 });
    const flags = ['--quiet', '--network', 'none', '--build-arg', 'WORD=given', '--tag', 'built'];
    const built = await podman.command(['build', ...flags, context], quiet);
    expect({ status: built.status, stderr: built.status ? built.stderr : '' }).toEqual({
      status: 0,
      stderr: '',
    });
    expect((await run(podman, '--user', '0', 'built')).stdout).toBe(
      '0\ncopied\ngiven\n33\n44\n/tmp\n',
    );
    writeFileSync(join(context, 'Containerfile'), 'FROM box\nRUN exit 9\n');
    const failed = await podman.command(['build', '--network', 'none', context], quiet);
    expect(failed.status).toBe(9);
  });

  promise(
    'a Debian tree is an image to build on',
    async (podman) => {
      await box(podman, await debianTree());
      const context = podman.rig.directory('context');
      const user = 'RUN useradd --create-home --uid 1234 sailor && su sailor -c "id -u" > /who';
      const file = [
        'FROM box',
        user,
        'RUN dpkg --audit && perl -e "print 6*7" >> /who',
        'CMD cat /who',
      ];
      writeFileSync(join(context, 'Containerfile'), file.join('\n'), { mode: 0o644 });
      const flags = ['--layers=false', '--network', 'none', '--tag', 'built'];
      const built = await podman.command(['build', ...flags, context], {
        ...quiet,
        timeout: 120_000,
      });
      expect({ status: built.status, stderr: built.status ? built.stderr : '' }).toEqual({
        status: 0,
        stderr: '',
      });
      expect((await run(podman, 'built')).stdout).toBe('1234\n42');
    },
    { lacking: canMakeDebian ? undefined : 'mmdebstrap as root' },
  );

  promise(
    'an image goes to a registry and comes back',
    async (podman) => {
      await box(podman);
      const registry = await Registry.start(podman.rig);
      podman.transcript.forget(registry.address, 'REGISTRY');
      try {
        const name = `${registry.address}/box:1`;
        const tls = '--tls-verify=false';
        expect((await podman.command(['push', tls, 'box', name], quiet)).status).toBe(0);
        await podman.command(['rmi', '--all', '--force'], quiet);
        expect((await podman.command(['pull', tls, '--quiet', name], quiet)).status).toBe(0);
        expect((await run(podman, name)).stdout).toBe('image\n');
        const absent = await run(podman, tls, `${registry.address}/wombat`);
        expect(absent.status).toBe(125);
      } finally {
        await registry.end();
      }
    },
    {
      lacking: spawnSync('docker-registry', ['--version']).error && 'docker-registry not installed',
    },
  );
});

/** In an order of their own. */
function lines(text: string): string {
  return text.split('\n').sort().join('\n');
}
