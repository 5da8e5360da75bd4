// `update` while the container runs, and what it leaves as it was.

import { expect } from '@jest/globals';
import { type Guest, inGuest } from '../containers.js';

const MB = 1024 * 1024;
const FILES = 'memory.max memory.low memory.swap.max cpu.weight cpu.max cpuset.cpus pids.max';

inGuest('update', 'quick', ['root', 'user'], (promise) => {
  promise('changes each limit that has a flag, and no other', async (guest) => {
    const id = await started(guest);
    const before = await values(guest, id);
    await guest.output(`sampan update --memory 64M --memory-swap 96m ${id}`);
    expect(await values(guest, id)).toEqual({
      ...before,
      'memory.max': String(64 * MB),
      'memory.swap.max': String(32 * MB),
    });
    await guest.output(`sampan update --cpu-quota 30000 ${id}`);
    expect((await values(guest, id))['cpu.max']).toBe('30000 100000');
    await guest.output(`sampan update --cpu-period 50000 ${id}`);
    expect((await values(guest, id))['cpu.max']).toBe('30000 50000');
    const more = '--cpu-share 2048 --pids-limit 33 --memory-reservation 16777216';
    await guest.output(`sampan update ${more} ${id}`);
    expect(await values(guest, id)).toMatchObject({
      'cpu.weight': '174',
      'pids.max': '33',
      'memory.low': String(16 * MB),
      'cpu.max': '30000 50000',
    });
    await guest.output(`sampan update --memory -1 --pids-limit -1 ${id}`);
    expect(await values(guest, id)).toMatchObject({
      'memory.max': 'max',
      'memory.swap.max': 'max',
      'pids.max': 'max',
    });
    await guest.output(`sampan delete -f ${id}`);
  });

  promise('takes a document from a file or from standard input', async (guest) => {
    const id = await started(guest);
    const document = JSON.stringify({ pids: { limit: 7 }, unified: { 'memory.high': '80M' } });
    await guest.output(`echo '${document}' | sampan update -r - ${id}`);
    expect((await values(guest, id))['pids.max']).toBe('7');
    await guest.output(
      `echo '{"pids":{"limit":8}}' >/tmp/${id}.json; sampan update -r /tmp/${id}.json ${id}`,
    );
    expect((await values(guest, id))['pids.max']).toBe('8');
    await guest.output(`sampan delete -f ${id}`);
  });

  promise('tells what is wrong and changes nothing', async (guest) => {
    const id = await started(guest);
    const before = await values(guest, id);
    const wrong: [flags: string, told: RegExp][] = [
      ['--memory 1X', /--memory: .*1X.*: expected a number of bytes/],
      ['--cpu-rt-runtime 5', /\/cpu\/realtimeRuntime: .*no real-time bandwidth/],
      ['--cpuset-cpus 99', /cpuset\.cpus.*\/cpu\/cpus/],
      ['--memory 64M --memory-swap 32M', /\/memory\/swap: .*below memory\.limit/],
    ];
    for (const [flags, told] of wrong) {
      const { status, stderr } = await guest.run(`sampan update ${flags} ${id}`);
      expect([status, stderr]).toEqual([1, expect.stringMatching(told)]);
    }
    const typo = await guest.run(`echo '{"pids":{"limit":"7"}}' | sampan update -r - ${id}`);
    expect(typo.stderr).toMatch(/\/pids\/limit/);
    const check = JSON.stringify({ memory: { limit: 4096, checkBeforeUpdate: true } });
    const over = await guest.run(`echo '${check}' | sampan update -r - ${id}`);
    expect(over.stderr).toMatch(/uses \d+ bytes, more than 4096/);
    expect(await values(guest, id)).toEqual(before);
    await guest.output(`sampan delete -f ${id}`);
    expect((await guest.run(`sampan update --memory 64M ${id}`)).stderr).toContain(
      'does not exist',
    );
  });
});

async function started(guest: Guest): Promise<string> {
  const bundle = await guest.bundle('exec sleep 1000', ({ linux }) => {
    linux.resources = { memory: { limit: 128 * MB }, cpu: { shares: 512 }, pids: { limit: 50 } };
  });
  const id = guest.newId();
  await guest.output(`sampan run -d -b ${bundle} ${id}`);
  return id;
}

/** The limits as the container sees them. */
async function values(guest: Guest, id: string): Promise<Record<string, string>> {
  const look = `cd /sys/fs/cgroup; for f in ${FILES}; do echo $f $(cat $f); done`;
  const text = await guest.output(`sampan exec ${id} sh -c '${look}'`);
  return Object.fromEntries(
    text
      .trimEnd()
      .split('\n')
      .map((line) => [line.split(' ')[0], line.split(' ').slice(1).join(' ')]),
  );
}
