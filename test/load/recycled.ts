// A container whose process has ended, and whose pid another process has got.

import { execaSync } from 'execa';
import type { Identity } from '../rig/identity.js';
import type { Rig } from '../rig/rig.js';
import { sleeping } from './crowds.js';
import { type Finding, Ledger } from './finding.js';

/**
 * In a pid namespace of its own, as pid 1: makes a container, ends its process, has a bystander get
 * its pid by way of ns_last_pid (proc_sys_kernel(5)), tries every command, and prints the bystander's
 * signals, and what succeeded that must not. Arguments: the bundle, the id, how far, the runtime's
 * command line.
 */
const script = `
bundle=$1 id=$2 how=$3; shift 3
"$@" create --bundle "$bundle" "$id" || exit 1
[ "$how" = created ] || "$@" start "$id" || exit 1
pid=$("$@" state "$id" | sed -n 's/^ *"pid": \\([0-9]*\\).*/\\1/p')
kill -KILL "$pid"
# The shell reaps what is left to it when it waits for a child of its own.
for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" 2>/dev/null || break; sleep 0.02; done
echo $((pid - 1)) >/proc/sys/kernel/ns_last_pid
sleep 1000 &
[ $! = "$pid" ] || { echo "the bystander got pid $! and not $pid" >&2; exit 2; }
refuses() { "$@" >/dev/null 2>&1 && echo "succeeded on a recycled pid: $*"; kill -0 "$pid" && ! grep -q 'State:.[TZ]' "/proc/$pid/status" || echo "the bystander was met by: $*"; }
refuses "$@" kill "$id" TERM
refuses "$@" kill "$id" KILL
refuses "$@" kill "$id" STOP
refuses "$@" start "$id"
refuses "$@" exec "$id" true
"$@" kill --all "$id" KILL >/dev/null 2>&1
kill -0 "$pid" || echo "the bystander was met by: kill --all"
"$@" state "$id" | grep -q '"status": "stopped"' || echo "the state is not stopped"
[ "$how" = created ] && force= || force=--force
"$@" delete $force "$id" || echo "delete failed"
kill -0 "$pid" || echo "the bystander was met by: delete $force"
kill -KILL "$pid"
exit 0
`;

/** Words that make a command pid 1 of a new pid namespace; an ordinary user needs a user namespace. */
function inPidNamespace({ uid }: Identity): string[] {
  const user = uid === 0 ? [] : ['--user', '--map-current-user', '--keep-caps'];
  return ['unshare', ...user, '--pid', '--fork', '--kill-child', '--mount-proc'];
}

/** Why an identity cannot have a pid given out again here, if so. */
export function whyNoRecycling(identity: Identity): string | undefined {
  const choose = ['sh', '-ec', 'echo 99 >/proc/sys/kernel/ns_last_pid'];
  const [command = '', ...words] = [...identity.prefix, ...inPidNamespace(identity), ...choose];
  const { exitCode, stderr } = execaSync(command, words, { reject: false });
  return exitCode === 0 ? undefined : `no pid can be chosen here: ${stderr}`;
}

/** As often as `count`, with a container that waits for \`start\` and with one that runs, in turn. */
export async function recycledPids(rig: Rig, count: number): Promise<Finding> {
  const bundle = await sleeping(rig);
  const ledger = new Ledger('commands on a container whose pid was given to another process');
  for (let i = 0; i < count; i++) {
    const how = i % 2 === 0 ? 'created' : 'running';
    const words = [script, 'sh', bundle.path, rig.newId(), how, ...rig.commandLine()];
    const argv = [...inPidNamespace(rig.identity), 'sh', '-c', ...words];
    const { status, stdout, stderr } = await rig.execute(argv);
    if (status !== 0) ledger.broken.push(`${how}: ${status} ${stderr}`);
    ledger.broken.push(...stdout.split('\n').filter(Boolean));
    ledger.count += 1;
  }
  await ledger.nothingIsLeft(rig);
  return ledger.finding();
}
