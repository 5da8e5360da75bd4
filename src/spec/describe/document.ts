// The outer properties of config.json in words.

import type { Texts } from './texts.js';

/** Version, root, names, mounts, hooks, annotations and other platforms. */
export const DOCUMENT: Texts = {
  'config.md': {
    '': 'How a container is made and what it runs',
    '/$schema': 'The JSON Schema that an editor checks this document by; no runtime reads it',
  },
  'config.md#specification-version': {
    '/ociVersion': 'The version of the runtime specification that this document is written for',
  },
  'config.md#root': {
    '/root': 'The root filesystem',
    '/root/path': 'A directory that exists, absolute or relative to the bundle',
    '/root/readonly': 'Whether the root filesystem is read-only inside the container',
  },
  'config.md#hostname': {
    '/hostname': 'The host name inside; needs a uts namespace',
  },
  'config.md#domainname': {
    '/domainname': 'The NIS domain name inside; needs a uts namespace',
  },
  'config.md#mounts': {
    '/mounts': 'What is mounted on the root filesystem, in this order',
    '/mounts/*': 'One mount',
    '/mounts/*/destination': 'Absolute path inside the container',
    '/mounts/*/source':
      'A device, a name, or for a bind mount a path, absolute or relative to the bundle',
    '/mounts/*/options': 'Options of mount(8); those that are not known go to the filesystem',
    '/mounts/*/options/*': 'One option',
  },
  'config.md#posix-platform-mounts': {
    '/mounts/*/type': 'A filesystem of /proc/filesystems; of no meaning for a bind mount',
    '/mounts/*/uidMappings': 'User ids of the source and what they are in this mount',
    '/mounts/*/gidMappings': 'Group ids of the source and what they are in this mount',
    '/mounts/*/*Mappings/*': 'A range of ids',
    '/mounts/*/*Mappings/*/containerID': 'The first id of the source',
    '/mounts/*/*Mappings/*/hostID': 'The first id that it becomes',
    '/mounts/*/*Mappings/*/size': 'How many ids there are',
  },
  'config.md#posix-platform-hooks': {
    '/hooks': 'Programs that are run at points of the life of the container',
    '/hooks/prestart': 'Deprecated: before createRuntime, at the same point',
    '/hooks/createRuntime': "By create, in the runtime's namespaces, before the root is changed",
    '/hooks/createContainer':
      "By create, in the container's namespaces, before the root is changed",
    '/hooks/startContainer': 'By start, inside the container, before its program',
    '/hooks/poststart': "By start, in the runtime's namespaces, once the program runs",
    '/hooks/poststop': "By delete, in the runtime's namespaces, once the container is gone",
    '/hooks/*/*': 'One program; the state of the container is its standard input',
    '/hooks/*/*/path': 'Absolute path of the program',
    '/hooks/*/*/args': 'Its arguments, the first of which is its name',
    '/hooks/*/*/args/*': 'One argument',
    '/hooks/*/*/env': 'Its whole environment',
    '/hooks/*/*/env/*': 'NAME=value',
    '/hooks/*/*/timeout': 'Seconds after which it is ended',
  },
  'config.md#annotations': {
    '/annotations': 'Metadata under names such as com.example.key',
    '/annotations/*': 'Any text',
  },
  'config.md#platform-specific-configuration': {
    '/linux': 'What only Linux has',
    '/solaris': 'Without effect on Linux',
    '/windows': 'Without effect on Linux',
    '/vm': 'Without effect where no virtual machine is made',
    '/zos': 'Without effect on Linux',
    '/freebsd': 'Without effect on Linux',
  },
};
