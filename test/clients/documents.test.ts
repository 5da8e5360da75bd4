// What docs/ tells people to write into the configuration of callers is what these read.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { needs } from '../rig/needs.js';
import { whyNot } from './podman.js';

/** The blocks of code of a language in a document. */
function blocks(name: string, language: string): string[] {
  const text = readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(
    ([, block = '']) => block,
  );
}

const lacking = whyNot('containerd');

needs(
  'clients',
  lacking === undefined,
  lacking ?? '',
)('containerd reads the handler that docs/kubernetes.md adds to its configuration', () => {
  const [config = ''] = blocks('kubernetes.md', 'toml');
  const folder = mkdtempSync(join(tmpdir(), 'sampan-documents-'));
  const file = join(folder, 'config.toml');
  writeFileSync(file, config);
  const line = ['--config', file, 'config', 'dump'];
  const { status, stdout } = spawnSync('containerd', line, { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  const table = stdout.split('containerd.runtimes.sampan.options]\n')[1] ?? '';
  expect({ status, table }).toEqual({
    status: 0,
    table: expect.stringMatching(
      /^ +BinaryName = "\/usr\/local\/bin\/sampan"\n[^[]*SystemdCgroup = true\n/,
    ),
  });
});
