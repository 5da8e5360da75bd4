// `npm run test:clients [-- --write] [JEST ARGUMENT…]`: real callers drive this runtime and a peer; the
// table of what they got is printed, or with --write becomes docs/clients.md. SAMPAN_CLIENTS_RELEASE=sid
// takes podman, buildah, conmon and the peers of another release of Debian (docs/clients-sid.md).
// `-- --guest` does what needs limits or systemd, in the test guest (docs/clients-guest.md). `--again -t NAME`
// tries a part again, and keeps the other results.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
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
const { vmImage } = await import('../vm/image.js');
const guest = args.includes('--guest') ? await vmImage('clients') : undefined;
const place = guest && 'guest';
if (!args.includes('--again')) forget(place);
const files = root ? elsewhere.map((name) => `test/clients/${name}`) : [];
if (guest) files.push('test/vm/clients');
const { ok } = stage(
  'jest',
  'node',
  [
    ...['node_modules/jest/bin/jest.js', ...files],
    ...args.filter((arg) => !['--write', '--guest', '--again'].includes(arg)),
    ...['--selectProjects', guest ? 'vm' : 'clients'],
  ],
  { NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
);
const table = tableText(results(place));
if (write) writeFileSync(page(), `${head()}\n${table}`);
else process.stdout.write(table);
process.exitCode = ok ? 0 : 1;

function page(): URL {
  const kind = guest ? 'guest' : release;
  return new URL(`../../docs/clients${kind ? `-${kind}` : ''}.md`, import.meta.url);
}

function head(): string {
  const kernel = kernelRelease().split('.', 2).join('.');
  const names = ['podman', 'buildah', 'conmon', 'containerd', 'docker.io'];
  const command = `${release ? `SAMPAN_CLIENTS_RELEASE=${release} ` : ''}npm run test:clients --`;
  return [
    `# ${title()}`,
    '',
    'What people do with the programs that call a runtime, done with sampan and again with a peer:',
    'the exit code and the output of each command, and that nothing is left behind, are compared',
    `(\`${command} ${guest ? '--guest ' : ''}--write\` writes this page).`,
    '`as crun`: the same in all of it.',
    '',
    `Peers: ${versions(['crun', 'runc'])}${guest ? '' : `, on Linux ${kernel}`}.`,
    `Callers: ${versions(root ? elsewhere : names)}.`,
    '',
  ].join('\n');
}

function title(): string {
  if (guest) return 'Callers where limits hold and systemd runs, in the test guest';
  return release ? `Callers of Debian ${release}` : 'Callers';
}

/** Those packages that are there, with their versions. */
function versions(names: readonly string[]): string {
  const inGuest = guest && new Map(readFileSync(guest.packages, 'utf8').split('\n').map(words));
  const found = names.map((name) => {
    const version = inGuest ? inGuest.get(name) : installed(name);
    return version && `${name} ${/\d+(\.\d+)+/.exec(version)?.[0]}`;
  });
  return found.filter((text) => text !== undefined).join(', ');
}

function words(line: string): [string, string] {
  const [name = '', version = ''] = line.split(' ');
  return [name, version];
}

function installed(name: string): string | undefined {
  const tree = root ? [`--admindir=${root}/var/lib/dpkg`] : [];
  const query = [...tree, '--show', '--showformat', '${source:Upstream-Version}', name];
  const { stdout, status } = spawnSync('dpkg-query', query, { encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
}
