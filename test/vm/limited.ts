// Limits as people ask podman and Docker for them, who have the same words for it.

import { expect } from '@jest/globals';
import type { Promises, Session } from './callers.js';

/** How the two differ. */
export interface Dialect {
  /** Words of `run` that end with what the container is made of. */
  readonly box: string;
  /** What `stats` says of a limit of 64 MB. */
  readonly of64M: string;
}

const limits = '--memory 64m --memory-swap 64m --cpus 0.5 --pids-limit 50';
const others = '--memory 96m --memory-swap 96m --cpus 0.2 --pids-limit 60';
const look = `sh -c 'cd /sys/fs/cgroup; cat memory.max memory.swap.max cpu.max pids.max'`;
const files = '67108864\n0\n50000 100000\n50\n';
const otherFiles = '100663296\n0\n20000 100000\n60\n';
/** Once the caller has come to watch. */
const hog = `sh -c 'sleep 3; exec dd if=/dev/zero of=/dev/null bs=200M count=1'`;

/** Declares them. */
export function limitPromises(promise: Promises, { box, of64M }: Dialect): void {
  const start = async (session: Session, flags: string, program: string) => {
    await session.must(`run --detach --name stays ${flags} ${box} ${program}`);
    const inspect = `inspect --format '{{.State.Pid}}' stays`;
    return (await session.ask(inspect)).stdout.trim();
  };
  const status = (session: Session, field = '.State.Status') =>
    session.must(`inspect --format '{{${field}}}' stays`);

  promise('--memory, --cpus and --pids-limit hold', async (session) => {
    expect(await session.must(`run --rm ${limits} ${box} ${look}`)).toBe(files);
  });

  promise('who has used up the memory is killed, and that is told', async (session) => {
    const little = '--memory 24m --memory-swap 24m';
    await start(session, little, hog);
    expect(await session.must('wait stays')).toBe('137\n');
    expect(await status(session, '.State.OOMKilled')).toBe('true\n');
    expect((await session.run(`run --rm ${little} ${box} ${hog}`)).status).toBe(137);
  });

  promise('no more processes than --pids-limit', async (session) => {
    const many = `sh -c 'for i in 1 2 3 4 5 6 7 8; do sleep 5 & done 2>/dev/null; wait; echo $i'`;
    const { status } = await session.run(`run --rm --pids-limit 6 ${box} ${many}`);
    expect(status).not.toBe(0);
  });

  promise('stats has the figures of the container', async (session) => {
    await start(session, limits, 'sleep 1000');
    const format = `'{{.Name}} {{.PIDs}} {{.MemUsage}}'`;
    const noFigure = (text: string) => text.replace(/[1-9][\d.]*[kKM]i?B/, 'SOME');
    const stdout = await session.must(`stats --no-stream --format ${format} stays`, noFigure);
    expect(noFigure(stdout)).toBe(`stays 1 SOME / ${of64M}\n`);
  });

  promise('update gives it other limits', async (session) => {
    await start(session, limits, 'sleep 1000');
    await session.must(`update ${others} stays`);
    expect(await session.must(`exec stays ${look}`)).toBe(otherFiles);
  });

  promise('pause holds it still, and it can be ended', async (session) => {
    const pid = await start(session, limits, 'sleep 1000');
    const frozen = async () => /frozen (\d)/.exec(await session.cgroupFiles(pid, 'cgroup.events'));
    await session.must('pause stays');
    expect(await status(session)).toBe('paused\n');
    expect((await frozen())?.[1]).toBe('1');
    await session.must('unpause stays');
    expect((await frozen())?.[1]).toBe('0');
    await session.must('pause stays');
    await session.must('kill stays');
    expect(await session.must('wait stays')).toBe('137\n');
  });
}
