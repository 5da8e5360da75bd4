// `events` and `stats`: what the kernel counts of a container, and that it ran out of memory.

import { expect } from '@jest/globals';
import { inGuest } from '../containers.js';

const MB = 1024 * 1024;

inGuest('events', 'quick', ['root', 'user'], (promise) => {
  promise('--stats shows use and limits in the form of runc', async (guest) => {
    const bundle = await guest.bundle('exec sleep 1000', ({ linux }) => {
      linux.resources = { memory: { limit: 64 * MB, swap: 64 * MB }, pids: { limit: 9 } };
    });
    const id = guest.newId();
    await guest.output(`sampan run -d -b ${bundle} ${id}`);
    const { type, data, ...rest } = JSON.parse(await guest.output(`sampan events --stats ${id}`));
    expect([type, rest]).toEqual(['stats', { id }]);
    expect(data.pids).toEqual({ current: 1, limit: 9 });
    expect(data.memory.usage.limit).toBe(64 * MB);
    expect(data.memory.usage.usage).toBeGreaterThan(0);
    expect(data.memory.raw.anon).toBeGreaterThanOrEqual(0);
    expect(data.cpu.usage.total).toBeGreaterThan(0);
    const table = await guest.output(`sampan stats ${id}`);
    expect(table).toMatch(new RegExp(`^ID +CPU % .*\\n${id} +[\\d.]+% +\\d.* / 64.0MiB .* 1 / 9 `));
    await guest.output(`sampan delete -f ${id}`);
  });

  promise('tells of a kill for want of memory, and ends with the container', async (guest) => {
    const hog = 'sleep 3; dd if=/dev/zero of=/dev/null bs=200M count=1; exit 3';
    const bundle = await guest.bundle(hog, ({ linux }) => {
      linux.resources = { memory: { limit: 32 * MB, swap: 32 * MB } };
    });
    const id = guest.newId();
    const start = `sampan run -d -b ${bundle} ${id}`;
    const lines = await guest.output(`${start}; timeout 60 sampan events --interval 1s ${id}`);
    const events = lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).type);
    expect(events).toContain('stats');
    expect(events.filter((type) => type === 'oom')).toHaveLength(1);
    await guest.output(`sampan delete ${id}`);
  });

  promise('tells of pressure on memory and on I/O', async (guest) => {
    const write = 'dd if=/dev/zero of=/tmp/pressed bs=128k count=48 oflag=direct; rm /tmp/pressed';
    const grow = 'timeout 8 dd if=/dev/zero of=/dev/null bs=64M count=1';
    const dev = (await guest.output('cat /sys/block/nvme0n1/dev')).trim();
    const bundle = await guest.bundle(`(${write}) & ${grow}; wait`, ({ mounts, linux }) => {
      const source = guest.who === 'root' ? '/root' : '/home/user';
      mounts.push({ destination: '/tmp', type: 'bind', source, options: ['bind', 'rw'] });
      const unified = { 'memory.high': String(16 * MB), 'io.max': `${dev} wbps=${MB}` };
      linux.resources = { unified };
    });
    const id = guest.newId();
    const lines = await guest.output(
      `sampan run -d -b ${bundle} ${id} >/dev/null 2>&1; timeout 100 sampan events --interval 1h ${id}; sampan delete ${id}`,
    );
    const events = lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const waited = (place: string) =>
      events.filter(({ type, data }) => type === 'pressure' && data[place]?.psi?.some.total > 0);
    expect([waited('memory').length > 0, waited('blkio').length > 0]).toEqual([true, true]);
  });
});
