// A config.json that is wrong: said in one line with its place, before anything is made.

import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { BundleConfig } from '../rig/bundle.js';
import { refusal } from '../rig/refusal.js';
import { asUser, bothWays } from '../rig/ways.js';

/** What `run` of a bundle with a wrong text of config.json says. */
const texts: Record<string, readonly [text: string, message: RegExp]> = {
  'is empty': ['', /not valid JSON: .*the end of the text/],
  'is cut off': ['{"ociVersion": "1.3.0",\n', /not valid JSON: line 2, column 1: expected .*/],
  'has a comma too many': ['{"ociVersion": "1.3.0",}', /not valid JSON: line 1, column 24: .*/],
  'is a list': ['[]', /must be an object, not .* \[config\.json \/\]/],
  'is null': ['null', /must be an object, not null \[config\.json \/\]/],
  'is no text': ['\0\x01\xff', /not valid JSON: line 1, column 1: /],
  'nests without end': ['['.repeat(200_000), /not valid JSON: /],
  'is an empty object': ['{}', /required but missing: .* \[config\.json \/ociVersion\]/],
};

type Change = (config: BundleConfig) => void;

/** Puts a value of any type anywhere. */
const set = (object: object, value: Record<string, unknown>) => void Object.assign(object, value);

/** Wrong values: what changes, where that is, and what is said. */
const values: Record<string, readonly [change: Change, pointer: string, message: RegExp]> = {
  'args that are a text': [
    ({ process }) => set(process, { args: 'sh' }),
    '/process/args',
    /must be a list, not "sh"/,
  ],
  'args with a number': [
    ({ process }) => set(process, { args: ['sh', 1] }),
    '/process/args/1',
    /must be a string, not 1/,
  ],
  'args without a program': [({ process }) => set(process, { args: [] }), '/process/args', /empty/],
  'a program with an empty name': [
    ({ process }) => set(process, { args: [''] }),
    '/process/args/0',
    /empty|not found/,
  ],
  'an argument with a NUL': [
    ({ process }) => set(process, { args: ['echo', 'a\0b'] }),
    '/process/args/1',
    /NUL/,
  ],
  'a user that is a name': [
    ({ process }) => set(process.user, { uid: 'root' }),
    '/process/user/uid',
    /must be an integer from 0 to 4294967294, not "root"/,
  ],
  'a relative cwd': [
    ({ process }) => set(process, { cwd: 'tmp' }),
    '/process/cwd',
    /absolute path/,
  ],
  'an environment that is an object': [
    ({ process }) => set(process, { env: { A: '1' } }),
    '/process/env',
    /must be a list/,
  ],
  'a soft limit above the hard one': [
    ({ process }) => set(process, { rlimits: [{ type: 'RLIMIT_NOFILE', soft: 9, hard: 3 }] }),
    '/process/rlimits/0/soft',
    /above its hard limit 3/,
  ],
  'an unknown namespace': [
    ({ linux }) => linux.namespaces.push({ type: 'disk' as 'pid' }),
    '/linux/namespaces/N',
    /unknown value "disk", expected one of .*mount.*uts/,
  ],
  'a mistyped namespace': [
    ({ linux }) => linux.namespaces.push({ type: 'moutn' as 'pid' }),
    '/linux/namespaces/N',
    /unknown value "moutn", did you mean "mount"\?/,
  ],
  'the same namespace twice': [
    ({ linux }) => linux.namespaces.push({ type: 'pid' }),
    '/linux/namespaces/N',
    /duplicate of the pid namespace in entry \d/,
  ],
  'a version to come': [(config) => set(config, { ociVersion: '2.0.0' }), '/ociVersion', /1\.x\.y/],
  'no root': [(config) => set(config, { root: undefined }), '/root', /required but missing/],
  'a root without a name': [
    ({ root }) => set(root, { path: '' }),
    '/root/path',
    /must not be empty/,
  ],
  'mounts without a destination': [
    ({ mounts }) => mounts.push({ source: '/tmp' } as never),
    '/mounts/N/destination',
    /required but missing: a string/,
  ],
  'a bind mount without a source': [
    ({ mounts }) => mounts.push({ destination: '/m', type: 'none', options: ['bind'] }),
    '/mounts/N/source',
    /bind mount on \/m needs a source/,
  ],
  'a mount of no type': [
    ({ mounts }) => mounts.push({ destination: '/m', source: 'x' }),
    '/mounts/N',
    /neither a file system type nor option bind/,
  ],
  'a mapping beyond the last id': [
    ({ linux }) => {
      const others = linux.namespaces.filter(({ type }) => type !== 'user');
      linux.namespaces = [...others, { type: 'user' }];
      linux.uidMappings = [{ containerID: 0, hostID: 4294967295, size: 1 }];
      linux.gidMappings = [{ containerID: 0, hostID: 0, size: 1 }];
    },
    '/linux/uidMappings/0/hostID',
    /beyond the last id/,
  ],
  'a hostname that is a number': [
    (config) => set(config, { hostname: 7 }),
    '/hostname',
    /must be a string, not 7/,
  ],
  'a hostname that no kernel takes': [
    (config) => set(config, { hostname: 'h'.repeat(65) }),
    '/hostname',
    /longer than 64 bytes/,
  ],
  'a domainname without a uts namespace': [
    (config) => {
      set(config, { domainname: 'd', hostname: undefined });
      config.linux.namespaces = config.linux.namespaces.filter(({ type }) => type !== 'uts');
    },
    '/domainname',
    /namespace of type "uts"/,
  ],
};

bothWays('a bundle', (promise) => {
  for (const [name, [text, message]] of Object.entries(texts)) {
    promise(`whose config.json ${name} is refused with the place`, async (rig) => {
      const bundle = await rig.bundle();
      bundle.write(text);
      for (const verb of ['run', 'create']) {
        const line = await refusal(rig, [verb, '-b', bundle.path, rig.newId()]);
        expect(line).toMatch(message);
        expect(line).toContain(bundle.configPath);
      }
    });
  }

  promise('without a config.json is told its path and how to make one', async (rig) => {
    const bundle = await rig.bundle();
    rmSync(bundle.configPath);
    const line = await refusal(rig, ['run', '-b', bundle.path, 'x']);
    expect(line).toContain(`${bundle.configPath}: open: no such file or directory (ENOENT)`);
    expect(line).toMatch(/--bundle.*sampan spec/);
    mkdirSync(bundle.configPath);
    expect(await refusal(rig, ['run', '-b', bundle.path, 'x'])).toMatch(/directory \(EISDIR\)/);
  });

  promise('that never was is told by its path', async (rig) => {
    const nowhere = join(rig.dir, 'nowhere');
    const line = await refusal(rig, ['run', '-b', nowhere, 'x']);
    expect(line).toContain(`${nowhere}/config.json: open: no such file or directory (ENOENT)`);
    const other = join(rig.dir, 'other.json');
    const bundle = await rig.bundle();
    const args = ['create', '-b', bundle.path, '--config', other, 'x'];
    expect(await refusal(rig, args)).toContain(
      `${other}: open: no such file or directory (ENOENT)`,
    );
  });

  promise('whose config.json is a link in circles is told so', async (rig) => {
    const bundle = await rig.bundle();
    rmSync(bundle.configPath);
    symlinkSync('config.json', bundle.configPath);
    const line = await refusal(rig, ['run', '-b', bundle.path, 'x']);
    expect(line).toMatch(/too many .*symbolic links.* \(ELOOP\)/);
  });

  promise(
    'with several mistakes is told of the first, the places of more and likely names',
    async (rig) => {
      const bundle = (await rig.bundle()).edit((config) => {
        set(config, { hostname: 5, rot: config.root });
        set(config.process, { cdw: '/', cwd: undefined });
        delete (config as { root?: unknown }).root;
      });
      const line = await refusal(rig, ['run', '-b', bundle.path, 'x']);
      expect(line).toContain('/process/cdw is probably "cwd"; /rot is probably "root"; 2 more (');
      for (const place of ['/root', '/process/cwd', '/hostname']) expect(line).toContain(place);
    },
  );

  promise('with one mistyped value is told the likely one once', async (rig) => {
    const bundle = (await rig.bundle()).edit(({ linux }) => {
      linux?.namespaces?.push(JSON.parse('{"type":"netwrok"}'));
    });
    const line = await refusal(rig, ['run', '-b', bundle.path, 'x']);
    expect(line).toMatch(/did you mean "network"\? \[config\.json [^\]]*\]; sampan validate lists/);
  });

  for (const [name, [change, at, message]] of Object.entries(values)) {
    promise(`with ${name} is refused with the place`, async (rig) => {
      const bundle = await rig.bundle();
      bundle.edit(change);
      const pointer = placeIn(bundle.config, at);
      const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
      expect(line).toMatch(message);
      expect(line).toContain(`[config.json ${pointer}`);
    });
  }
});

asUser('a config.json that its reader may not read', (promise) => {
  promise('is told by its path and errno', async (rig) => {
    const bundle = await rig.bundle();
    chmodSync(bundle.configPath, 0o000);
    const line = await refusal(rig, ['run', '-b', bundle.path, 'x']);
    expect(line).toContain(`${bundle.configPath}: open: permission denied (EACCES)`);
  });
});

/** The pointer, `N` being the last entry of the list above it. */
function placeIn(config: BundleConfig, pointer: string): string {
  const last = { mounts: config.mounts.length, namespaces: config.linux.namespaces.length };
  return pointer
    .replace('/mounts/N', `/mounts/${last.mounts - 1}`)
    .replace('/namespaces/N', `/namespaces/${last.namespaces - 1}`);
}
