// Where systemd answers: on a bus, or on a socket of its own where there is no bus.

import { existsSync } from 'node:fs';

/** Whose units: those of the system, or of one user. */
export type Manager = 'system' | 'user';

/** A socket to connect to. */
export interface Address {
  readonly path: string;
  /** Whether a bus is there, which is to be greeted and passes messages on. */
  readonly bus: boolean;
}

/**
 * The addresses to be tried, in this order. podman starts a runtime with XDG_RUNTIME_DIR and PATH
 * alone. `uid` is the user's on the host.
 */
export function addressesOf(
  manager: Manager,
  { env, uid }: { readonly env: NodeJS.ProcessEnv; readonly uid: number },
): Address[] {
  const named = manager === 'system' ? env.DBUS_SYSTEM_BUS_ADDRESS : env.DBUS_SESSION_BUS_ADDRESS;
  const runtime = env.XDG_RUNTIME_DIR?.startsWith('/') ? env.XDG_RUNTIME_DIR : `/run/user/${uid}`;
  const usual =
    manager === 'system'
      ? { bus: '/run/dbus/system_bus_socket', own: '/run/systemd/private' }
      : { bus: `${runtime}/bus`, own: `${runtime}/systemd/private` };
  return [
    ...pathsIn(named).map((path) => ({ path, bus: !path.endsWith('/systemd/private') })),
    { path: usual.bus, bus: true },
    { path: usual.own, bus: false },
  ];
}

/** Those that are there; where none is, what was looked for. */
export function presentAddresses(addresses: readonly Address[]): readonly Address[] {
  const present = addresses.filter(({ path }) => existsSync(path));
  return present.length === 0 ? addresses.slice(-1) : present;
}

/** `unix:path=/run/a,guid=0f;unix:path=/run/b` (D-Bus specification, "Server Addresses"). */
function pathsIn(addresses = ''): string[] {
  return addresses.split(';').flatMap((address) => {
    if (!address.startsWith('unix:')) return [];
    const pairs = address.slice('unix:'.length).split(',');
    const path = pairs.find((pair) => pair.startsWith('path='))?.slice('path='.length);
    return path === undefined ? [] : [unescaped(path)];
  });
}

function unescaped(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
