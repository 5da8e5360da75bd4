// The state of a container in words.

import type { Texts } from './texts.js';

/** What `state` prints and hooks read. */
export const STATE: Texts = {
  'runtime.md#state': {
    '': 'The state of a container, as state prints it and hooks read it',
    '/ociVersion': 'The version of the specification that the state is written by',
    '/id': 'The name of the container, one of its kind on the host',
    '/status': 'Where the container is in its life',
    '/pid': 'Its process as the host sees it; required while there is one',
    '/bundle': 'Absolute path of the bundle',
    '/annotations': 'Those of config.json',
    '/annotations/*': 'Any text',
  },
  'as runc has it': {
    '/rootfs': 'Absolute path of the root filesystem',
    '/created': 'When it was made (RFC 3339)',
    '/owner': 'Who made it',
  },
};
