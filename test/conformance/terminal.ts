// A container with a terminal, seen from inside.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readProbe, type SectionName, type Seen } from '../rig/probe.js';
import { until } from '../rig/until.js';
import { all, ofProcess } from './changes.js';
import type { Change, Subject } from './subject.js';

/** What the probe sees in a container whose terminal goes to a console socket. */
export async function listenTerminal<Name extends SectionName>(
  subject: Subject,
  sections: readonly Name[],
  change: Change = () => {},
): Promise<Seen<Name>> {
  const { rig } = subject;
  const socket = join(rig.dir, 'console.sock');
  const receiver = rig.launch([rig.program('receive-descriptor'), socket]);
  if (!(await until(() => existsSync(socket)))) throw new Error('nobody listens');
  const args = ['/bin/probe', ...sections];
  const bundle = subject.bundle(all(change, ofProcess({ terminal: true, args })));
  const id = rig.newId();
  await subject.succeeds('create', '--bundle', bundle.path, '--console-socket', socket, id);
  await subject.succeeds('start', id);
  const { stdout } = await receiver.ended;
  await subject.succeeds('delete', '--force', id);
  return readProbe<Name>(stdout.slice(stdout.indexOf('{')));
}
