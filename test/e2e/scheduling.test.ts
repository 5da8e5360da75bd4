// Scheduler, I/O priority, CPUs, execution domain and memory policy of the program.

import { execFileSync } from 'node:child_process';
import { expect } from '@jest/globals';
import { detached, lines, printed } from '../rig/inside.js';
import { refusal } from '../rig/refusal.js';
import { asRoot, asUser, bothWays } from '../rig/ways.js';

/** Real-time priority and policy of a process (proc_pid_stat(5)). */
const SCHEDULER = 'cut -d" " -f40,41 /proc/self/stat';
/** The same, its nice value first: the highest one, which any caller may give. */
const NICE = 'cut -d" " -f19,40,41 /proc/self/stat';
const CPUS = 'grep Cpus_allowed_list /proc/self/status';
const allowed = execFileSync('grep', ['Cpus_allowed_list', '/proc/self/status'], {
  encoding: 'utf8',
});
const cpu = /(\d+)\s*$/.exec(allowed)?.[1] ?? '0';
const severalCpus = !/\t\d+\s*$/.test(allowed);

bothWays('process.scheduler', (promise) => {
  promise('has the policy and the nice value', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => {
      process.scheduler = { policy: 'SCHED_BATCH', nice: 19 };
    });
    expect(await printed(rig, bundle, NICE)).toBe('19 0 3\n');
    bundle.edit(({ process }) => {
      process.scheduler = { policy: 'SCHED_IDLE' };
    });
    expect(await printed(rig, bundle, SCHEDULER)).toBe('0 5\n');
  });

  promise('is for exec as well', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => {
      process.scheduler = { policy: 'SCHED_BATCH', nice: 19 };
      process.ioPriority = { class: 'IOPRIO_CLASS_IDLE' };
      process.oomScoreAdj = 600;
    });
    const { id, remove } = await detached(rig, bundle);
    const script = `${NICE}; ionice -p $$; cat /proc/self/oom_score_adj`;
    const { stdout } = await rig.command(['exec', id, 'sh', '-c', script]);
    expect(stdout).toBe('19 0 3\nidle\n600\n');
    await remove();
  });
});

asRoot('process.scheduler', (promise) => {
  promise('real-time policies have their priority', async (rig) => {
    const bundle = await rig.bundle();
    for (const [policy, number] of [
      ['SCHED_FIFO', 1],
      ['SCHED_RR', 2],
    ] as const) {
      bundle.edit(({ process }) => {
        process.scheduler = { policy, priority: 7 };
      });
      expect(await printed(rig, bundle, SCHEDULER)).toBe(`7 ${number}\n`);
    }
  });

  promise('the children of a process go back to the usual policy by flag', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => {
      process.scheduler = {
        policy: 'SCHED_FIFO',
        priority: 7,
        flags: ['SCHED_FLAG_RESET_ON_FORK'],
      };
    });
    const output = await lines(
      rig,
      bundle,
      'cut -d" " -f41 /proc/1/stat; (cut -d" " -f41 /proc/self/stat); true',
    );
    expect(output).toEqual(['1', '0']);
  });

  promise('a deadline is granted with its budget', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => {
      const ms = 1_000_000;
      process.scheduler = {
        ...{ policy: 'SCHED_DEADLINE', flags: ['SCHED_FLAG_RESET_ON_FORK'] },
        ...{ runtime: 5 * ms, deadline: 50 * ms, period: 100 * ms },
      };
    });
    expect(await printed(rig, bundle, 'cut -d" " -f41 /proc/1/stat; true')).toBe('6\n');
  });
});

asUser('process.scheduler', (promise) => {
  promise('a real-time policy is refused with its place and what it takes', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => {
      process.scheduler = { policy: 'SCHED_FIFO', priority: 7 };
    });
    const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
    expect(line).toMatch(
      /set the scheduler: sched_setattr: .*EPERM.*\/process\/scheduler.*CAP_SYS_NICE/,
    );
  });
});

bothWays('process.ioPriority', (promise) => {
  promise('has class and level', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => {
      process.ioPriority = { class: 'IOPRIO_CLASS_BE', priority: 6 };
    });
    expect(await printed(rig, bundle, 'ionice -p $$')).toBe('best-effort: prio 6\n');
    bundle.edit(({ process }) => {
      process.ioPriority = { class: 'IOPRIO_CLASS_IDLE' };
    });
    expect(await printed(rig, bundle, 'ionice -p $$')).toBe('idle\n');
  });
});

asRoot('process.ioPriority', (promise) => {
  promise('root gives the real-time class', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => {
      process.ioPriority = { class: 'IOPRIO_CLASS_RT', priority: 0 };
    });
    expect(await printed(rig, bundle, 'ionice -p $$')).toBe('realtime: prio 0\n');
  });
});

bothWays('process.execCPUAffinity', (promise) => {
  promise.needs(severalCpus, 'only one CPU is allowed here')(
    'is for exec and not for the first process',
    async (rig) => {
      const bundle = await rig.bundle();
      bundle.edit(({ process }) => {
        process.execCPUAffinity = { initial: cpu };
      });
      expect(await printed(rig, bundle, CPUS)).toBe(allowed);
      const { id, remove } = await detached(rig, bundle);
      const exec = async () => (await rig.command(['exec', id, ...CPUS.split(' ')])).stdout;
      expect(await exec()).toBe(`Cpus_allowed_list:\t${cpu}\n`);
      await remove();
    },
  );

  promise.needs(severalCpus, 'only one CPU is allowed here')(
    'the final list counts in the end, and numbers beyond 1024 do no harm',
    async (rig) => {
      const bundle = await rig.bundle();
      bundle.edit(({ process }) => {
        process.execCPUAffinity = { initial: '0', final: `${cpu}, 1500-2000` };
      });
      const { id, remove } = await detached(rig, bundle);
      const { stdout } = await rig.command(['exec', id, ...CPUS.split(' ')]);
      expect(stdout).toBe(`Cpus_allowed_list:\t${cpu}\n`);
      await remove();
    },
  );

  promise('a list without any CPU of the machine is refused with its place', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ process }) => {
      process.execCPUAffinity = { final: '8000' };
    });
    const { id, remove } = await detached(rig, bundle);
    const { status, stderr } = await rig.command(['exec', id, 'true']);
    expect(status).toBe(255);
    expect(stderr).toMatch(/set the CPU affinity: sched_setaffinity: .*EINVAL.*none of these CPUs/);
    await remove();
  });
});

bothWays('linux.personality', (promise) => {
  promise('LINUX32 shows a 32-bit machine, to exec as well', async (rig) => {
    const bundle = await rig.bundle();
    const machine = { x64: 'i686', arm64: 'armv8l' }[process.arch as string];
    bundle.edit(({ linux }) => {
      linux.personality = { domain: 'LINUX32' };
    });
    expect(await printed(rig, bundle, 'uname -m')).toBe(`${machine}\n`);
    const { id, remove } = await detached(rig, bundle);
    const { stdout } = await rig.command(['exec', id, 'uname', '-m']);
    expect(stdout).toBe(`${machine}\n`);
    await remove();
  });

  promise('LINUX takes back what the caller has', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => {
      linux.personality = { domain: 'LINUX' };
    });
    bundle.runs(['uname', '-m']);
    const run = [...rig.commandLine(), 'run', '--bundle', bundle.path, rig.newId()];
    const { stdout } = await rig.execute(['setarch', 'linux32', ...run]);
    expect(stdout).toBe(execFileSync('uname', ['-m'], { encoding: 'utf8' }));
  });
});

/** The policy of the first mapping (numa(7)). */
const POLICY = 'cut -d" " -f2 /proc/self/numa_maps | head -n 1';

bothWays('linux.memoryPolicy', (promise) => {
  promise('each mode is what the kernel says afterwards, to exec as well', async (rig) => {
    const bundle = await rig.bundle();
    for (const [mode, shown] of [
      ['MPOL_BIND', 'bind:0'],
      ['MPOL_INTERLEAVE', 'interleave:0'],
      ['MPOL_PREFERRED', 'prefer:0'],
      ['MPOL_PREFERRED_MANY', 'prefer'],
    ] as const) {
      bundle.edit(({ linux }) => {
        linux.memoryPolicy = { mode, nodes: '0' };
      });
      expect(await printed(rig, bundle, POLICY)).toContain(shown);
    }
    const { id, remove } = await detached(rig, bundle);
    const { stdout } = await rig.command(['exec', id, 'sh', '-c', POLICY]);
    expect(stdout).toContain('prefer');
    await remove();
    bundle.edit(({ linux }) => {
      linux.memoryPolicy = { mode: 'MPOL_LOCAL' };
    });
    expect(await printed(rig, bundle, POLICY)).toBe('local\n');
    bundle.edit(({ linux }) => {
      linux.memoryPolicy = { mode: 'MPOL_DEFAULT' };
    });
    expect(await printed(rig, bundle, POLICY)).toBe('default\n');
  });

  promise('flags are set with the mode', async (rig) => {
    const bundle = await rig.bundle();
    for (const [flag, shown] of [
      ['MPOL_F_STATIC_NODES', 'bind=static:0'],
      ['MPOL_F_RELATIVE_NODES', 'bind=relative:0'],
    ] as const) {
      bundle.edit(({ linux }) => {
        linux.memoryPolicy = { mode: 'MPOL_BIND', nodes: '0', flags: [flag] };
      });
      expect(await printed(rig, bundle, POLICY)).toBe(`${shown}\n`);
    }
  });

  promise('a node that is not there is refused with its place', async (rig) => {
    const bundle = await rig.bundle();
    bundle.edit(({ linux }) => {
      linux.memoryPolicy = { mode: 'MPOL_BIND', nodes: '1000' };
    });
    const line = await refusal(rig, ['run', '-b', bundle.path, rig.newId()]);
    expect(line).toMatch(
      /memory policy: set_mempolicy: .*EINVAL.*\/linux\/memoryPolicy.*Mems_allowed/,
    );
  });
});
