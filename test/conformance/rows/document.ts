// config.md: the document as a whole, root, names, annotations.

import { deepEqual, equal, notEqual } from 'node:assert/strict';
import { join } from 'node:path';
import {
  all,
  ofConfig,
  ofLinux,
  ofProcess,
  ofRoot,
  without,
  withoutNamespace,
} from '../changes.js';
import { row } from '../row.js';
import type { Change, Subject } from '../subject.js';

const wrong: Record<string, Change> = {
  'args is a text': ofProcess({ args: '/bin/true' }),
  'args has a number': ofProcess({ args: ['/bin/true', 1] }),
  'uid is a text': ofProcess({ user: { uid: '0', gid: 0 } }),
  'mounts is an object': ofConfig({ mounts: {} }),
  'terminal is a text': ofProcess({ terminal: 'no' }),
  'namespaces are texts': ofLinux({ namespaces: ['pid'] }),
  'an unknown namespace': ofLinux({ namespaces: [{ type: 'mount' }, { type: 'planet' }] }),
  'rootfsPropagation is unknown': ofLinux({ rootfsPropagation: 'public' }),
};

export const documentRows = [
  row('ociVersion', 'SemVer, required', {
    'every 1.x is taken': async (subject) => {
      for (const ociVersion of ['1.0.0', '1.0.2-dev', '1.1.0', '1.2.1', '1.3.0', '1.99.0']) {
        await subject.takes(ofConfig({ ociVersion }));
      }
    },
    'absent is an error': (subject) => subject.refuses(without('ociVersion')),
    'a text that is no SemVer is an error': (subject) =>
      subject.refuses(ofConfig({ ociVersion: 'newest' })),
  }),
  row('root.path', 'absolute or relative to the bundle; the directory must exist', {
    absolute: async (subject) => {
      const bundle = subject.bundle();
      await subject.takes(bundle.edit(ofRoot({ path: bundle.rootfs })));
    },
    'relative, wherever the runtime is started': async (subject) => {
      const { status, stderr } = await subject.run(subject.bundle(), { cwd: '/' });
      equal(status, 0, stderr);
    },
    'absent is an error': (subject) => subject.refuses(without('root')),
    'a directory that does not exist is an error': (subject) =>
      subject.refuses(ofRoot({ path: 'nowhere' })),
    'a file is an error': (subject) => subject.refuses(ofRoot({ path: 'config.json' })),
  }),
  row('root.readonly', 'the root can be written to, or not', {
    true: async (subject) => {
      const seen = await subject.sees(['path:/'], ofRoot({ readonly: true }));
      equal(seen['path:/'].write, 'EROFS');
    },
    false: async (subject) => {
      const seen = await subject.sees(['path:/'], ofRoot({ readonly: false }));
      equal(seen['path:/'].write, 'ok');
    },
  }),
  row('hostname', 'in the UTS namespace; an error without a private one', {
    'is set': async (subject) => {
      equal(
        (await subject.sees(['names'], ofConfig({ hostname: 'a-name' }))).names.hostname,
        'a-name',
      );
    },
    'is an error without a UTS namespace': (subject) =>
      subject.refuses(all(ofConfig({ hostname: 'a-name' }), withoutNamespace('uts'))),
  }),
  row('domainname', 'in the UTS namespace; an error without a private one', {
    'is set': async (subject) => {
      const { names } = await subject.sees(['names'], ofConfig({ domainname: 'a.domain' }));
      equal(names.domainname, 'a.domain');
    },
    'is an error without a UTS namespace': (subject) => {
      const change = all(
        without('hostname'),
        ofConfig({ domainname: 'a' }),
        withoutNamespace('uts'),
      );
      return subject.refuses(change);
    },
  }),
  row('annotations', 'any key; shown by `state`', {
    'are in the state': async (subject) => {
      const annotations = { 'com.example.key': 'a value', other: '' };
      const bundle = subject.bundle(ofConfig({ annotations }));
      const id = subject.rig.newId();
      await subject.succeeds('create', '--bundle', bundle.path, id);
      deepEqual((await subject.rig.state(id)).annotations, annotations);
      await subject.succeeds('delete', '--force', id);
    },
    'a value that is no text is an error': (subject) =>
      subject.refuses(ofConfig({ annotations: { key: 1 } })),
  }),
  row('unknown properties', 'must be ignored', {
    'at the top, in process, in linux': (subject) =>
      subject.takes(all(ofConfig({ later: 1 }), ofProcess({ later: {} }), ofLinux({ later: [] }))),
  }),
  row('invalid values', 'must be an error', {
    ...Object.fromEntries(
      Object.entries(wrong).map(([name, change]) => [
        name,
        (subject: Subject) => subject.refuses(change),
      ]),
    ),
    'a file that is no JSON': (subject) => subject.refuses(subject.bundle().write('{,}')),
    'no config.json': async (subject) => {
      const bundle = subject.bundle();
      await subject.rig.execute(['rm', join(bundle.path, 'config.json')]);
      const { status } = await subject.run(bundle);
      notEqual(status, 0);
    },
  }),
];
