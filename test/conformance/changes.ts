// Changes of the default configuration, in few words. Values are not typed: many are wrong on purpose.

import type { Change } from './subject.js';

type Values = Readonly<Record<string, unknown>>;

export const ofConfig =
  (values: Values): Change =>
  (config) =>
    void Object.assign(config, values);

export const ofProcess =
  (values: Values): Change =>
  ({ process }) =>
    void Object.assign(process, values);

export const ofRoot =
  (values: Values): Change =>
  ({ root }) =>
    void Object.assign(root, values);

export const ofUser =
  (values: Values): Change =>
  ({ process }) =>
    void Object.assign(process.user, values);

export const ofLinux =
  (values: Values): Change =>
  ({ linux }) =>
    void Object.assign(linux, values);

/** Leaves out `name` at the top, or below `process`, `root` or `linux`. */
export const without =
  (name: string, of?: 'process' | 'root' | 'linux'): Change =>
  (config) =>
    void Reflect.deleteProperty(of ? config[of] : config, name);

/** One more mount. */
export const withMount =
  (mount: Values): Change =>
  ({ mounts }) =>
    void mounts.push(mount as never);

export const withoutMount =
  (destination: string): Change =>
  (config) => {
    config.mounts = config.mounts.filter((mount) => mount.destination !== destination);
  };

/** One more namespace, unless it is there already. */
export const withNamespace =
  (type: string, path?: string): Change =>
  ({ linux }) => {
    linux.namespaces = linux.namespaces.filter((namespace) => namespace.type !== type);
    linux.namespaces.push({ type, ...(path !== undefined && { path }) } as never);
  };

export const withoutNamespace =
  (...types: string[]): Change =>
  ({ linux }) => {
    linux.namespaces = linux.namespaces.filter(({ type }) => !types.includes(type));
  };

/** Several changes, one after the other. */
export const all =
  (...changes: readonly Change[]): Change =>
  (config) => {
    for (const change of changes) change(config);
  };
