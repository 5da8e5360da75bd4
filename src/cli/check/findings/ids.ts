// The users and groups that a container can have.

import { render } from '../../../failure.js';
import type { HostFacts, SubIdRange } from '../../../host/facts.js';
import { grantRemedy, listed, mayWriteMaps, whyNoHelper } from '../../../plan/id-grants.js';
import { type Line, limited, works } from '../finding.js';
import type { Survey } from '../survey.js';
import { isRootOfAll, isTriable } from './words.js';

/** As many as an image may use, and as useradd(8) gives. */
const USUAL = 65_536;

const KINDS = ['uid', 'gid'] as const;

/** Lines of the group `ids`. */
export function idLines(survey: Survey): Line[] {
  const { host } = survey;
  if (isRootOfAll(survey)) return [works('ranges', 'root may map every id')];
  const here = host.inUserNamespace ? [mappedHere(host)] : [];
  if (mayWriteMaps(host)) return here;
  return [
    ...here,
    ...KINDS.map((kind) => helper(host, kind)),
    ...KINDS.map((kind) => granted(host, kind)),
    ...(isTriable(survey) ? written(survey) : []),
  ];
}

function mappedHere({ mappedIds: { uid, gid } }: HostFacts): Line {
  const name = 'user namespace';
  const found = `it has uids ${listed(uid)} and gids ${listed(gid)}`;
  if (Math.min(sum(uid), sum(gid)) >= USUAL) return works(name, found);
  return limited(
    name,
    `${found}: what belongs to others cannot be used`,
    'run the container around this with more (podman --userns, --uidmap; unshare --map-auto)',
  );
}

const SINGLE = 'a container has one user and one group only';

function helper(host: HostFacts, kind: 'uid' | 'gid'): Line {
  const name = `new${kind}map`;
  const lacking = whyNoHelper(host, kind);
  if (lacking === undefined) return works(name, host.idMapHelpers[kind] ?? '');
  return limited(name, `${lacking.cause}: ${SINGLE}`, lacking.remedy);
}

function granted(host: HostFacts, kind: 'uid' | 'gid'): Line {
  const file = `/etc/sub${kind}`;
  const ranges = host.subordinateIds[kind];
  const found = `grants ${listed(ranges)}`;
  if (sum(ranges) >= USUAL) return works(file, found);
  const meaning = ranges.length === 0 ? SINGLE : `images use up to ${USUAL} ids`;
  return limited(file, `${found}: ${meaning}`, grantRemedy(host));
}

/** As the helpers themselves see it: they may lack their rights, or know other lines of the files. */
function written({ host, ids: { ranges } }: Survey): Line[] {
  if (ranges === undefined) return [];
  if (ranges === null) return [works('id maps', 'newuidmap and newgidmap write them')];
  const { remedy, ...failure } = ranges;
  const mend = `chmod u+s ${Object.values(host.idMapHelpers).join(' ')}`;
  return [limited('id maps', `${SINGLE}: ${render(failure)}`, mend)];
}

function sum(ranges: readonly SubIdRange[]): number {
  return ranges.reduce((total, { count }) => total + count, 0);
}
