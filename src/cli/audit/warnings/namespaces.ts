// What is not the container's own.

import type { View } from '../view.js';
import { notable, severe, type Warning } from './warning.js';

/** Warnings of namespaces shared with the host. */
export function namespaceWarnings(view: View): Warning[] {
  const shared = (kind: string) => view.shares(kind) === true;
  return [
    ...(view.hostUser ? user(view) : []),
    ...(shared('pid') ? pid(view) : []),
    ...(shared('net') ? network(view) : []),
    ...(shared('mnt') ? mount(view) : []),
    ...(shared('ipc') ? ipc(view) : []),
    ...(shared('uts') && view.hostUser && view.reachable.has('CAP_SYS_ADMIN') ? uts(view) : []),
  ];
}

function user(view: View): Warning[] {
  const meaning = view.hostRoot
    ? 'root of the container is root of the host wherever something of the host is in reach'
    : 'its users are users of the host';
  const pointer = view.namespacePointer('user');
  return [notable('no user namespace', meaning, pointer, 'add the namespace and id mappings')];
}

/** Whoever can trace a process of the host, or signal it, acts for it (ptrace(2)). */
function pid(view: View): Warning[] {
  const pointer = view.namespacePointer('pid');
  const own = 'make a pid namespace';
  if (view.hostUser && view.reachable.has('CAP_SYS_PTRACE')) {
    const meaning = 'takes over any process of the host';
    return [severe('host pid with CAP_SYS_PTRACE', meaning, pointer, own)];
  }
  if (view.hostUser && view.reachable.has('CAP_SETUID')) {
    const meaning = 'becomes any user of the host and takes over the processes of that user';
    return [severe('host pid with CAP_SETUID', meaning, pointer, own)];
  }
  const more = view.hostUser && view.reachable.has('CAP_KILL') ? ' and ends them' : '';
  return [notable('host pid', `sees the processes of the host${more}`, pointer, own)];
}

/** Abstract sockets belong to the network namespace (unix(7), CVE-2020-15257). */
function network(view: View): Warning[] {
  const pointer = view.namespacePointer('net');
  const own = 'make a network namespace';
  const admin = view.hostUser && view.reachable.has('CAP_NET_ADMIN');
  const meaning = 'changes interfaces, routes and filters of the host';
  return [
    ...(admin ? [severe('host network with CAP_NET_ADMIN', meaning, pointer, own)] : []),
    notable(
      'host network',
      'connects to abstract sockets and to services on localhost of the host',
      pointer,
      own,
    ),
  ];
}

function mount(view: View): Warning[] {
  const pointer = view.namespacePointer('mnt');
  const meaning = 'the mounts of the host are its own';
  return [severe('host mounts', meaning, pointer, 'make a mount namespace')];
}

function ipc(view: View): Warning[] {
  const pointer = view.namespacePointer('ipc');
  const meaning = 'shared memory and message queues of the host are in reach';
  return [notable('host ipc', meaning, pointer, 'make an ipc namespace')];
}

function uts(view: View): Warning[] {
  const pointer = view.namespacePointer('uts');
  return [notable('host uts', 'renames the host', pointer, 'make a uts namespace')];
}
