// The test guest: a Debian under QEMU in software emulation, with cgroup v2, every capability, and
// systemd where it is asked for. Everything in it is some ten times slower than outside.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { until } from '../rig/until.js';
import { vmImage } from './image.js';

/**
 * `quick`: a tiny pid 1, with cgroup2 mounted by hand. `systemd`: with dbus and a session of `user`.
 * `clients`: the same with podman and others.
 */
export type Mode = 'quick' | 'systemd' | 'clients';

/** Who a script is run as; `user` has uid 1000, and a cgroup with every controller delegated. */
export type Who = 'root' | 'user';

/** How a script ended. */
export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Longest boot, in milliseconds; 10 s where nothing else runs. */
export const BOOT_MS = 180_000;
/** How often one that does not start, or whose clock is wrong, is booted. */
export const BOOTS = 2;
const MEMORY_MB: Record<Mode, number> = { quick: 1024, systemd: 1024, clients: 2048 };

/** One running guest. */
export class Machine {
  /** Those who wait for a line of the agent, in order. */
  private readonly waiting: { resolve(line: string): void; reject(error: Error): void }[] = [];

  private constructor(
    private readonly folder: string,
    private readonly processes: readonly ChildProcess[],
    private readonly job: Socket,
  ) {
    createInterface({ input: job }).on('line', (line) => this.waiting.shift()?.resolve(line));
    job.on('error', () => {});
    job.on('close', () => {
      for (const { reject } of this.waiting.splice(0)) reject(new Error('the guest is gone'));
    });
  }

  /** Boots one that sees the host's folder `share` at /host, read-only. */
  static async boot(mode: Mode, share: string, boots = BOOTS): Promise<Machine> {
    try {
      const machine = await Machine.bootOnce(mode, share);
      if (await machine.keepsTime()) return machine;
      machine.close();
      throw new Error('the clock of the guest is wrong');
    } catch (error) {
      if (boots <= 1) throw error;
      process.stderr.write(`${(error as Error).message.split('\n')[0]}: booted again\n`);
      return Machine.boot(mode, share, boots - 1);
    }
  }

  /** The kernel measures the CPU's clock as it boots: wrongly where the host does much else meanwhile. */
  private async keepsTime(): Promise<boolean> {
    const begin = performance.now();
    const { stdout } = await this.run(
      'read a b </proc/uptime; sleep 2; read c d </proc/uptime; echo $a $c',
    );
    const seconds = (performance.now() - begin) / 1000;
    const [before = 0, after = 0] = stdout.split(' ').map(Number);
    return seconds > 1.8 && after - before > seconds * 0.6;
  }

  private static async bootOnce(mode: Mode, share: string): Promise<Machine> {
    const { disk, kernel } = await vmImage(mode === 'clients' ? 'clients' : 'bare');
    const folder = mkdtempSync(join(tmpdir(), 'sampan-vm-'));
    const [files, job] = [join(folder, 'files'), join(folder, 'job')];
    const processes: ChildProcess[] = [];
    try {
      processes.push(start('/usr/lib/qemu/virtiofsd', virtiofsd(files, share), folder));
      await until(() => existsSync(files), BOOT_MS);
      processes.push(start('qemu-system-x86_64', qemu(mode, { disk, kernel, folder }), folder));
      await until(() => existsSync(job), BOOT_MS);
      const machine = new Machine(folder, processes, createConnection(job));
      await machine.line(BOOT_MS);
      return machine;
    } catch (error) {
      const console = existsSync(`${folder}/console`) ? readFileSync(`${folder}/console`) : '';
      end(processes, folder);
      throw new Error(`the guest did not start: ${(error as Error).message}\n${console}`);
    }
  }

  /** Runs a shell script in it; one at a time. */
  async run(script: string, options: { who?: Who; timeout?: number } = {}): Promise<Ran> {
    const { who = 'root', timeout = 120_000 } = options;
    const answer = this.line(timeout);
    this.job.write(`${who} ${Buffer.from(script).toString('base64')}\n`);
    const [status, stdout = '', stderr = ''] = (await answer).split(' ');
    const text = (base64: string) => Buffer.from(base64, 'base64').toString();
    return { status: Number(status), stdout: text(stdout), stderr: text(stderr) };
  }

  /** Ends it. */
  close(): void {
    this.job.destroy();
    end(this.processes, this.folder);
  }

  private line(ms: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          clearTimeout(late);
          then(value);
        };
      this.waiting.push({ resolve: settle(resolve), reject: settle(reject) });
    });
  }
}

/** Ends with this process, also when that is killed. */
function start(command: string, args: readonly string[], folder: string): ChildProcess {
  const bound = ['--pdeathsig', 'KILL', command, ...args];
  const child = spawn('setpriv', bound, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr?.resume();
  void once(child, 'error').catch(() => {});
  return child;
}

function end(processes: readonly ChildProcess[], folder: string): void {
  for (const child of processes) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

function virtiofsd(socket: string, share: string): string[] {
  return ['-f', `--socket-path=${socket}`, '-o', `source=${share}`, '-o', 'cache=always'];
}

/**
 * Software emulation, whatever /dev/kvm promises: guests hang under it on some hosts. One thread:
 * with several, QEMU 7.2 races with the kernel patching itself in a few boots of a hundred.
 */
function qemu(
  mode: Mode,
  { disk, kernel, folder }: { disk: string; kernel: string; folder: string },
): string[] {
  const system = 'systemd.unit=vm.target systemd.show_status=false systemd.log_level=notice';
  const append = [
    'console=ttyS0 quiet root=/dev/nvme0n1 rootfstype=ext4 rw panic=-1 mitigations=off nokaslr',
    'cryptomgr.notests tsc=reliable net.ifnames=0',
    mode === 'quick' ? 'init=/vm/init' : system,
  ].join(' ');
  return [
    ...['-accel', 'tcg,thread=single,tb-size=256', '-cpu', 'max', '-smp', '2', '-M', 'q35'],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-monitor', 'none', '-no-reboot'],
    ...['-kernel', kernel, '-append', append, '-serial', `file:${folder}/console`],
    ...['-m', String(MEMORY_MB[mode]), '-machine', 'memory-backend=memory'],
    ...['-object', `memory-backend-memfd,id=memory,size=${MEMORY_MB[mode]}M,share=on`],
    ...['-drive', `file=${disk},if=none,id=disk,format=raw,cache=unsafe,snapshot=on`],
    ...['-device', 'nvme,drive=disk,serial=disk'],
    ...['-device', 'virtio-serial-pci', '-device', 'virtserialport,chardev=job'],
    ...['-chardev', `socket,id=job,path=${folder}/job,server=on,wait=off`],
    ...['-device', 'vhost-user-fs-pci,chardev=files,tag=host'],
    ...['-chardev', `socket,id=files,path=${folder}/files`],
  ];
}
