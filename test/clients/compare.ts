// What a caller does with this runtime and again with a peer: exit codes, output and leftovers must be
// the same. Each comparison is written down for the table (results.ts).

import { describe } from '@jest/globals';
import { type RuntimeName, runtimeCalled } from '../conformance/runtimes.js';
import { type Runtime, runtime } from '../rig/executable.js';
import { amRoot, type Identity, ordinaryUser, root, whyNoUser } from '../rig/identity.js';
import { inRig } from '../rig/in-rig.js';
import { needs } from '../rig/needs.js';
import { otherRoot } from '../rig/other-root.js';
import type { Rig, RigOptions } from '../rig/rig.js';
import { type Account, Transcript } from './account.js';
import { type Finding, verdict } from './finding.js';
import { record } from './results.js';

export type Way = 'root' | 'user';
type Peer = Exclude<RuntimeName, 'sampan'>;

/** A program that calls runtimes. */
export interface Caller<C> {
  readonly name: string;
  /** What of the machine it lacks. */
  readonly lacking: string | undefined;
  readonly rig?: RigOptions;
  /** Sets it up with the rig's runtime; its commands go into the transcript. */
  open(rig: Rig, transcript: Transcript): Promise<C>;
  /** Ends and removes all that it has made. */
  close(client: C): Promise<void>;
}

export interface CaseOptions {
  readonly ways?: readonly Way[];
  /** Instead of runc for root and crun for an ordinary user; `none` where neither can do it. */
  readonly peer?: Peer | 'none';
  /** Why a peer does otherwise; it then must. */
  readonly differs?: Partial<Record<Peer, string>>;
  /** The same of peers that come with another release of Debian. */
  readonly newer?: Partial<Record<Peer, string>>;
  /** Belongs to the part that `npm test` runs. Each file of tests must have one. */
  readonly telling?: boolean;
  /** What of the machine this case lacks. */
  readonly lacking?: string | undefined;
  /** Of the rig, besides what the caller needs. */
  readonly rig?: RigOptions;
}

export type Promises<C> = (
  name: string,
  body: (client: C) => Promise<void>,
  options?: CaseOptions,
) => void;

const milliseconds = 300_000;
/** Instead of all other choices. */
const otherPeer = process.env['SAMPAN_CLIENTS_PEER'] as Peer | 'none' | undefined;
const onlyTelling = process.env['SAMPAN_CLIENTS'] === 'telling';
const identities: Record<Way, () => Identity> = { root, user: ordinaryUser };
const titles: Record<Way, string> = { root: 'as root', user: 'as an ordinary user' };
/** As root crun cannot raise RLIMIT_MEMLOCK on some machines, and makes no cgroup here. */
const usualPeer: Record<Way, Peer> = { root: 'runc', user: 'crun' };

/** Declares promises that hold with this runtime, and with a peer in the same way. */
export function compared<C>(
  caller: Caller<C>,
  title: string,
  declare: (promise: Promises<C>) => void,
): void {
  for (const way of ['root', 'user'] as const) {
    describe(`${caller.name} ${title}, ${titles[way]}`, () =>
      declare((name, body, options = {}) => {
        const { ways = ['root', 'user'], telling = false } = options;
        if (ways.includes(way) && (telling || !onlyTelling)) {
          declareCase(caller, { title, name, body, way, options });
        }
      }));
  }
}

interface Case<C> {
  readonly title: string;
  readonly name: string;
  readonly body: (client: C) => Promise<void>;
  readonly way: Way;
  readonly options: CaseOptions;
}

function declareCase<C>(caller: Caller<C>, one: Case<C>): void {
  const { title, name, way, options } = one;
  const lacking = caller.lacking ?? options.lacking ?? whyNo(way);
  const peer = otherPeer ?? options.peer ?? usualPeer[way];
  const row = { caller: caller.name, title, name, way, peer };
  if (lacking !== undefined) record({ ...row, verdict: 'untested', why: lacking });
  needs('clients', lacking === undefined, lacking ?? '')(
    peer === 'none' ? name : `${name}, as with ${peer}`,
    async () => {
      record({ ...row, ...(await compare(caller, one, peer)) }).orThrow();
    },
    milliseconds,
  );
}

function whyNo(way: Way): string | undefined {
  if (way === 'user') return whyNoUser();
  return amRoot ? undefined : 'the tests do not run as root';
}

async function compare<C>(caller: Caller<C>, one: Case<C>, peer: Peer | 'none'): Promise<Finding> {
  const ours = await account(caller, one, runtime);
  if (peer === 'none' || ours.error !== undefined) return verdict(ours);
  const theirs = await account(caller, one, peerFor(peer, one.way));
  const { differs, newer } = one.options;
  const known = (otherRoot ? newer : undefined)?.[peer] ?? differs?.[peer];
  // Newer peers may have come to do the same.
  return verdict(ours, { theirs, peer, known, maySame: otherRoot !== undefined });
}

function peerFor(peer: Peer, way: Way): Runtime {
  const { path, options } = runtimeCalled(peer);
  return { path, options: way === 'root' ? options : [] };
}

/** What happens with one runtime. */
async function account<C>(caller: Caller<C>, one: Case<C>, runtime: Runtime): Promise<Account> {
  const transcript = new Transcript();
  const within = async (rig: Rig) => {
    transcript.forget(rig.token, 'RIG');
    const client = await caller.open(rig, transcript);
    try {
      await one.body(client);
    } finally {
      transcript.close();
      await caller.close(client);
    }
  };
  const rig = { ...caller.rig, ...one.options.rig, runtime };
  const error = await inRig(identities[one.way](), within, rig).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { steps: transcript.steps, error };
}
