// What the attacks of test/e2e/attacks did to crun and runc: observed once, with copies of the executables
// of Debian 12 and of Debian sid (November 2026).

/** In this order. */
export const PEERS = ['crun 1.8.1', 'crun 1.28', 'runc 1.1.5', 'runc 1.3.6'] as const;

/** One for each of them; empty where it was not tried. */
export type Answers = readonly [string, string, string, string];

const HOLDS = 'holds';

/** By the key of the row. */
export const peers: Readonly<Record<string, Answers>> = {
  'CVE-2015-3629, CVE-2019-18837': [HOLDS, HOLDS, HOLDS, HOLDS],
  'CVE-2016-3697': [HOLDS, HOLDS, HOLDS, HOLDS],
  'CVE-2016-8659, CVE-2016-9962': [HOLDS, '', 'refuses to run', ''],
  'CVE-2017-5226': [HOLDS, HOLDS, HOLDS, HOLDS],
  'CVE-2019-5736': [HOLDS, HOLDS, HOLDS, HOLDS],
  'CVE-2019-16884, CVE-2019-19921': [
    '**a volume covers /proc**',
    '**a volume covers /proc**',
    '**by a link of the image a tmpfs covers /proc/sys**',
    'refuses to run',
  ],
  'CVE-2021-43784': [HOLDS, '', HOLDS, ''],
  'CVE-2022-0811': [HOLDS, HOLDS, HOLDS, HOLDS],
  'CVE-2022-27650, CVE-2022-29162, CVE-2025-27612': [HOLDS, HOLDS, HOLDS, HOLDS],
  'CVE-2023-25809': [
    '**mounted writable**',
    '**mounted writable**',
    '**mounted writable**',
    '**mounted writable**',
  ],
  'CVE-2023-27561, CVE-2023-28642, CVE-2025-54867': [HOLDS, HOLDS, HOLDS, HOLDS],
  'CVE-2024-21626': [
    '**exec takes a descriptor that was passed on for its directory**',
    HOLDS,
    HOLDS,
    'the directory is refused; a process that waits has directories open',
  ],
  'CVE-2024-40635': [HOLDS, HOLDS, HOLDS, HOLDS],
  'CVE-2025-24965, CVE-2026-94603': ['**does what the annotations say**', '', HOLDS, ''],
  'CVE-2025-31133, CVE-2025-62161': [
    '**takes the link for the device**',
    '**takes the link for the device**',
    '**a file of the image is the cover**',
    'as root refuses to run, **as an ordinary user takes the link for the device**',
  ],
  'CVE-2025-52881, CVE-2025-62596': [
    '**a file of /proc/sys is covered**',
    '**a file of /proc/sys is covered**',
    HOLDS,
    HOLDS,
  ],
  'CVE-2026-30892': ['refuses `1x`', 'refuses `1x`', 'refuses `1x`', 'refuses `1x`'],
  'CVE-2026-41579, CVE-2026-47766': [
    HOLDS,
    'none on the host; a link to a volume is followed',
    '**makes links on the host**',
    'none on the host; a link to a volume is followed',
  ],
  'CVE-2026-88265': ['**gives /dev/zero and /dev/full to the user**', HOLDS, HOLDS, HOLDS],
  'CVE-2026-115521': [HOLDS, HOLDS, 'refuses to run', 'refuses to run'],
  'CVE-2026-123876': [HOLDS, '', HOLDS, ''],
  'a name in the image that a terminal obeys': [
    '**printed as it is**',
    '**printed as it is**',
    '**printed as it is**',
    '**printed as it is**',
  ],
};
