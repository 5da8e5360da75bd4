// An image archive made on the spot, as `docker load`, `ctr images import` and `podman load` take it.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { root } from '../rig/identity.js';
import { busyboxRootfs } from '../rig/rootfs.js';

/** What the image is called once it is loaded. */
export const imageName = 'localhost/box:latest';

/** Writes an archive with one layer (busybox and two accounts) below `folder`; its path. */
export async function imageArchive(folder: string): Promise<string> {
  const place = join(folder, 'image');
  const rootfs = join(place, 'rootfs');
  mkdirSync(rootfs, { recursive: true });
  await busyboxRootfs(rootfs, root());
  const layer = join(place, 'layer.tar');
  await execa('tar', ['-C', rootfs, '--sort=name', '--mtime=@0', '-cf', layer, '.']);
  rmSync(rootfs, { recursive: true });
  const config = JSON.stringify(imageConfig(`sha256:${sha256(readFileSync(layer))}`));
  const configName = `${sha256(config)}.json`;
  writeFileSync(join(place, configName), config);
  const manifest = [{ Config: configName, RepoTags: [imageName], Layers: ['layer.tar'] }];
  writeFileSync(join(place, 'manifest.json'), JSON.stringify(manifest));
  const archive = join(folder, 'image.tar');
  await execa('tar', ['-C', place, '-cf', archive, 'manifest.json', configName, 'layer.tar']);
  rmSync(place, { recursive: true });
  return archive;
}

function imageConfig(diffId: string): unknown {
  return {
    architecture: { x64: 'amd64' }[process.arch as 'x64'] ?? process.arch,
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    // Stays for as long as it has no terminal: what pods are held by.
    config: { Env: ['PATH=/bin'], Cmd: ['tail', '-f', '/dev/null'] },
    rootfs: { type: 'layers', diff_ids: [diffId] },
    history: [{ created: '1970-01-01T00:00:00Z', created_by: 'busybox-static' }],
  };
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
