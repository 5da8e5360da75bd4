// What `create` and `run` share: the plan, the reservation of the id, the launch, its undoing.

import { Failed, render } from '../failure.js';
import { collectFacts } from '../host/collect.js';
import type { HostFacts } from '../host/facts.js';
import { attempt } from '../host/system-failure.js';
import { handOver, type Kept, keptDescriptors } from '../launch/descriptors.js';
import { runPoststopHooks } from '../launch/hooks.js';
import { launch } from '../launch/launch.js';
import type { Launched, Ports } from '../launch/ports.js';
import { log, logsToFile } from '../log.js';
import { compile } from '../plan/compile.js';
import type { LaterHooks } from '../plan/hooks.js';
import type { LaunchPlan } from '../plan/plan.js';
import type { Step } from '../plan/steps.js';
import { withUserNamespace } from '../plan/user-namespace.js';
import { mark } from '../trace.js';
import { wideJson } from '../wide-json.js';
import { type Bundle, checkRootFilesystem } from './bundle.js';
import type { Context } from './context.js';
import type { CreateOptions } from './create.js';
import { unlinkIfThere, writeWhole } from './files.js';
import { checkId } from './id.js';
import { openDirectory, whileLocked } from './lock.js';
import { recordOf } from './make-record.js';
import type { ContainerRecord } from './record.js';
import {
  CREATING,
  claim,
  removeDirectory,
  reserve,
  rewriteRecord,
  saveConfig,
  savePid,
} from './store.js';

/** `create` waits for `start`, `run` does not. */
export type EstablishOptions = CreateOptions & {
  readonly operation: 'create' | 'run';
  /** Whether this process becomes the helper of the container. */
  readonly attended?: boolean;
};

/** A container that was made. */
export interface Established extends Launched {
  readonly hooks?: LaterHooks;
  /** Descriptor of its state directory, for the helper. */
  readonly directory?: number;
}

/** Makes the container. The caller closes the descriptors. Rejects with `Failed`; then nothing is left. */
export async function establish(
  context: Context,
  bundle: Bundle,
  options: EstablishOptions,
): Promise<Established> {
  checkId(options.id);
  checkRootFilesystem(bundle);
  const kept = keptDescriptors(options.preserveFds);
  const facts = collectFacts();
  const plan = planFor(context, bundle, facts, options, kept);
  const units = plan.steps.some(({ step }) => step === 'start-scope');
  const systemd = units ? await import('../cgroup/systemd/scope.js') : undefined;
  mark('plan');
  const record = recordOf(bundle, options.id, plan);
  const path = reserve(context.root, options.id);
  return whileLocked(path, options.id, (directory) => {
    claim(path, record);
    mark('reserve');
    const hooked = plan.steps.some(isHook);
    const place: Place = {
      ...{
        path,
        directory,
        record,
        options,
        kept,
        hooked,
        systemd,
        config: keptText(bundle, facts),
      },
      ...{ announced: false, begun: false },
    };
    try {
      if (hooked) writeWhole(`${path}/${CREATING}`, '', 0o600);
      const launched = launch(plan, portsFor(place));
      return {
        ...launched,
        ...(plan.later === undefined ? {} : { hooks: plan.later }),
        ...(options.attended ? { directory: openDirectory(path) } : {}),
      };
    } catch (error) {
      removeDirectory(path);
      // From its first process on there was a container to be destroyed (runtime.md#lifecycle).
      if (place.begun) runPoststopHooks(record.hooks?.poststop ?? []);
      // A file that another command wrote is not ours to remove.
      if (place.announced && options.pidFile !== undefined) unlinkIfThere(options.pidFile);
      throw error;
    }
  });
}

/** What later commands take for config.json: with the user namespace that its caller needed. */
function keptText({ config, text }: Bundle, facts: HostFacts): string {
  const effective = withUserNamespace(config, facts);
  return effective === config ? text : wideJson(effective);
}

function planFor(
  context: Context,
  bundle: Bundle,
  facts: HostFacts,
  options: EstablishOptions,
  kept: Kept,
): LaunchPlan {
  const { id, operation, noPivot, noNewKeyring, strict = false } = options;
  const { NOTIFY_SOCKET: notifySocket } = process.env;
  const compiled = compile(bundle.config, facts, {
    id,
    operation,
    bundle: bundle.path,
    noPivot,
    noNewKeyring,
    strict,
    preserveFds: kept.count,
    listenFds: kept.listen,
    ...(notifySocket ? { notifySocket } : {}),
    cgroupManager: context.cgroupManager,
  });
  if (!compiled.ok) throw new Failed(compiled.failure);
  logWarnings(compiled.plan);
  return compiled.plan;
}

/** What config.json asks for and the plan does not do; what is usual only in a log that is a file. */
export function logWarnings(plan: LaunchPlan): void {
  for (const { pointer, message, usual } of plan.warnings) {
    const level = usual && !logsToFile() ? 'debug' : 'warning';
    log(level, render({ doing: 'config.json', pointer, cause: message }));
  }
}

function isHook({ step }: Step): boolean {
  return step === 'run-hook' || step === 'run-runtime-hook';
}

interface Place {
  readonly systemd: Ports['systemd'];
  readonly path: string;
  readonly directory: number;
  record: ContainerRecord;
  readonly options: EstablishOptions;
  readonly kept: Kept;
  /** The text of config.json. */
  readonly config: string;
  /** Whether hooks may make the creation last. */
  readonly hooked: boolean;
  /** Whether the caller was told of the process. */
  announced: boolean;
  /** Whether its process was written down. */
  begun: boolean;
}

function portsFor(place: Place): Ports {
  const { path, directory, options, kept, hooked, systemd } = place;
  const change = (record: ContainerRecord) => {
    place.record = record;
    rewriteRecord(path, record);
  };
  return {
    directory,
    preserve: kept.count,
    attended: options.attended ?? false,
    ...(systemd === undefined ? {} : { systemd }),
    savePid: (identity) => {
      saveConfig(path, place.config);
      savePid(path, identity);
      place.begun = true;
    },
    makes: (made) => change({ ...place.record, ...made }),
    withoutCgroup: () => {
      const { cgroup: _, ...rest } = place.record;
      change(rest);
    },
    ready: (launched) => {
      announce(launched, options);
      place.announced = true;
      if (hooked) unlinkIfThere(`${path}/${CREATING}`);
    },
  };
}

/** Tells the caller's sockets and files of the process, before its program runs. */
export function announce(
  { pid, pidfd, terminal }: Launched,
  {
    consoleSocket,
    pidfdSocket,
    pidFile,
  }: Pick<CreateOptions, 'consoleSocket' | 'pidfdSocket' | 'pidFile'>,
): void {
  if (consoleSocket !== undefined && terminal !== undefined) {
    handOver('console-socket', consoleSocket, terminal, '/dev/ptmx');
  }
  if (pidfdSocket !== undefined) handOver('pidfd-socket', pidfdSocket, pidfd, 'pidfd');
  if (pidFile !== undefined) {
    const known = { doing: 'write --pid-file', path: pidFile };
    attempt(known, () => writeWhole(pidFile, String(pid), 0o644));
  }
}
