// `npm run test:clients [-- --write] [JEST ARGUMENT…]`: real callers drive this runtime and a peer; the
// table of what they got is printed, or with --write becomes docs/clients.md. SAMPAN_CLIENTS_RELEASE=sid
// takes podman, buildah, conmon and the peers of another release of Debian (docs/clients-sid.md).

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { release as kernelRelease } from 'node:os';
import { stage } from '../../scripts/stage.js';
import { ordinaryUser } from '../rig/identity.js';
import { elsewhere, makeRoot, packages } from './release.js';
import { tableText } from './table.js';

const args = process.argv.slice(2);
const write = args.includes('--write');
const release = process.env['SAMPAN_CLIENTS_RELEASE'];
const root = release && makeRoot(release, packages, ordinaryUser().name);

if (root) process.env['SAMPAN_CLIENTS_ROOT'] = root;
// It decides about the file with the results.
const { forget, results } = await import('./results.js');
forget();
const files = root ? elsewhere.map((name) => `test/clients/${name}`) : [];
const { ok } = stage(
  'jest',
  'node',
  [
    ...['node_modules/jest/bin/jest.js', '--selectProjects', 'clients'],
    ...args.filter((arg) => arg !== '--write'),
    ...files,
  ],
  { NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
);
const table = tableText(results());
if (write) writeFileSync(page(), `${head()}\n${table}`);
else process.stdout.write(table);
process.exitCode = ok ? 0 : 1;

function page(): URL {
  return new URL(`../../docs/clients${release ? `-${release}` : ''}.md`, import.meta.url);
}

function head(): string {
  const kernel = kernelRelease().split('.', 2).join('.');
  const names = ['podman', 'buildah', 'conmon', 'containerd', 'docker.io'];
  return [
    release ? `# Callers of Debian ${release}` : '# Callers',
    '',
    'What people do with the programs that call a runtime, done with sampan and again with a peer:',
    'the exit code and the output of each command, and that nothing is left behind, are compared',
    `(\`${release ? `SAMPAN_CLIENTS_RELEASE=${release} ` : ''}npm run test:clients -- --write\` writes this page).`,
    '`as crun`: the same in all of it.',
    '',
    `Peers: ${versions(['crun', 'runc'])}, on Linux ${kernel}.`,
    `Callers: ${versions(root ? elsewhere : names)}.`,
    '',
  ].join('\n');
}

/** Those packages that are there, with their versions. */
function versions(names: readonly string[]): string {
  const found = names.map((name) => {
    const tree = root ? [`--admindir=${root}/var/lib/dpkg`] : [];
    const query = [...tree, '--show', '--showformat', '${source:Upstream-Version}', name];
    const { stdout, status } = spawnSync('dpkg-query', query, { encoding: 'utf8' });
    return status === 0 ? `${name} ${/\d+(\.\d+)+/.exec(stdout)?.[0]}` : undefined;
  });
  return found.filter((text) => text !== undefined).join(', ');
}
