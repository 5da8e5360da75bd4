// Properties that the specification does not have: ignored, as it demands, but not in silence.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { remove } from '../rig/inside.js';
import { bothWays } from '../rig/ways.js';

/** The text of each warning. */
function warnings(stderr: string): string[] {
  const found = [...stderr.matchAll(/^time=\S+ level=warning msg=(".*")$/gm)];
  return found.map(([, text]) => JSON.parse(text ?? ''));
}

bothWays('unknown properties', (promise) => {
  promise('of config.json are warned of once, with the nearest known name', async (rig) => {
    const bundle = (await rig.bundle()).runs('exec sleep 1000');
    bundle.edit((config) => {
      Object.assign(config, { 'org.example': { any: [1] } });
      Object.assign(config.process, { noNewPrivilegs: true });
      Object.assign(config.linux, { maskedPath: ['/x'] });
    });
    const { id, ran } = await rig.create(bundle);
    const unknown = (name: string, near: string, at: string) =>
      `config.json: unknown property "${name}", ignored${near} [config.json ${at}]`;
    const meant = (name: string) => `, did you mean "${name}"?`;
    expect(warnings(ran.stderr).sort()).toEqual([
      unknown('maskedPath', meant('maskedPaths'), '/linux/maskedPath'),
      unknown('noNewPrivilegs', meant('noNewPrivileges'), '/process/noNewPrivilegs'),
      unknown('org.example', '', '/org.example'),
    ]);
    for (const line of [
      ['start', id],
      ['exec', id, 'true'],
      ['state', id],
    ])
      expect(await rig.command(line)).toMatchObject({ status: 0, stderr: '' });
    await remove(rig, id);
    const again = await rig.run(bundle.runs('echo ran'));
    expect(again).toMatchObject({ status: 0, stdout: 'ran\n' });
    expect(warnings(again.stderr)).toHaveLength(3);
  });

  promise('of a document for exec --process are too', async (rig) => {
    const { id } = await rig.create((await rig.bundle()).runs('true'));
    const file = join(rig.dir, 'process.json');
    const process = { args: ['echo', 'ran'], cwd: '/', user: { uid: 0, gid: 0 }, terminl: true };
    writeFileSync(file, JSON.stringify(process), { mode: 0o644 });
    const ran = await rig.command(['exec', '--process', file, id]);
    expect(ran).toMatchObject({ status: 0, stdout: 'ran\n' });
    expect(warnings(ran.stderr)).toEqual([
      'check the process document: /terminl: unknown property "terminl", ignored, did you mean "terminal"?',
    ]);
    await remove(rig, id);
  });

  promise('of a document for update --resources too', async (rig) => {
    const { id } = await rig.create((await rig.bundle()).runs('true'));
    const line = ['update', '--resources', '-', id];
    const { stderr } = await rig.command(line, { input: '{"memori": {"limit": 1}}' });
    expect(warnings(stderr)).toEqual([
      'update: --resources: -: /memori: unknown property "memori", ignored, did you mean "memory"?',
    ]);
    await remove(rig, id);
  });
});
