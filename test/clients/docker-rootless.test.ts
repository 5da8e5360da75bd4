// Docker Engine of an ordinary user: everything is in that user's namespace, the runtime too.

import { afterAll, expect } from '@jest/globals';
import { ordinaryUser } from '../rig/identity.js';
import { type CaseOptions, compared } from './compare.js';
import { rootlessDocker, rootlessDockers } from './docker.js';

afterAll(() => rootlessDockers.end());

const user: CaseOptions = { ways: ['user'], peer: 'runc' };

compared(rootlessDocker, 'run', (promise) => {
  promise(
    'root in a container is the user, and the status is the program’s',
    async (docker) => {
      const script = 'id -u; head -n 1 /proc/self/uid_map; touch /x && echo wrote; exit 7';
      const { status, stdout } = await docker.foreground([], ['sh', '-c', script]);
      const words = ['0', '0', `${ordinaryUser().uid}`, '1', 'wrote'];
      expect({ status, words: stdout.trim().split(/\s+/) }).toEqual({ status: 7, words });
    },
    { ...user, telling: true },
  );

  promise(
    'exec, stop, logs',
    async (docker) => {
      const script = 'trap "echo asked; exit 3" TERM; echo up; while :; do sleep 0.1; done';
      await docker.detach([], ['sh', '-c', script]);
      await docker.logs('up');
      const exec = ['exec', '--user', '33', 'stays', 'sh', '-c', 'id -u; exit 9'];
      expect(await docker.command(exec)).toMatchObject({ status: 9, stdout: '33\n' });
      await docker.must('stop', '-t', '10', 'stays');
      expect(await docker.must('wait', 'stays')).toBe('3');
      expect(await docker.must('logs', 'stays')).toBe('up\nasked');
    },
    user,
  );

  promise(
    'options: a read-only root, a volume, a tmpfs, a user, capabilities, a terminal',
    async (docker) => {
      const flags = [
        ...['--read-only', '-v', 'named:/v', '--tmpfs', '/t', '--hostname', 'boat', '-t'],
        ...['--cap-drop', 'all', '--init'],
      ];
      const script =
        'touch /v/x /t/x && echo wrote; touch /x; hostname; tty; grep CapBnd /proc/1/status';
      const { stdout } = await docker.foreground(flags, ['sh', '-c', `(${script}) 2>&1`]);
      expect(stdout.split('\r\n')).toEqual([
        'wrote',
        'touch: /x: Read-only file system',
        'boat',
        '/dev/pts/0',
        'CapBnd:\t0000000000000000',
        '',
      ]);
    },
    user,
  );

  promise(
    'what is not there is 127, what may not be run 126',
    async (docker) => {
      expect((await docker.foreground([], ['wombat'])).status).toBe(127);
      expect((await docker.foreground([], ['/etc'])).status).toBe(126);
    },
    user,
  );
});
