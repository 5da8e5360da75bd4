// The fuzz targets in C++ (addon/**/*_fuzz.cc, libFuzzer): built, run over what was found before, and on.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const FOLDER = 'build/cmake-fuzz';
const CORPUS = 'test/fuzz/corpus';
/** Beyond a target's largest limit: the longest path, with what stands around it in a file. */
const LONGEST = 4600;

/** Builds all targets; their names, or nothing when that fails. */
export function buildTargets(): string[] | undefined {
  const clang = ['-DCMAKE_C_COMPILER=clang', '-DCMAKE_CXX_COMPILER=clang++'];
  const jobs = String(availableParallelism());
  const built =
    run('cmake', ['-S', '.', '-B', FOLDER, '-DSAMPAN_FUZZ=ON', ...clang]) &&
    run('cmake', ['--build', FOLDER, '--parallel', jobs]);
  if (!built) return undefined;
  return readFileSync(`${FOLDER}/targets.txt`, 'utf8').split('\n').filter(Boolean);
}

/** How a target is run. */
export interface Run {
  readonly seconds: number;
  readonly seed: number;
  /** Adds what reaches new code to the corpus. */
  readonly keep?: boolean;
}

/** Runs a target over its corpus, and then over changes of it. What fails is kept in build/. */
export function runTarget(target: string, { seconds, seed, keep = false }: Run): boolean {
  const corpus = `${CORPUS}/${target}`;
  const found = `${FOLDER}/found/${target}`;
  rmSync(found, { recursive: true, force: true });
  mkdirSync(found, { recursive: true });
  mkdirSync(corpus, { recursive: true });
  const program = `${FOLDER}/${target}`;
  const common = [`-max_len=${LONGEST}`, '-timeout=20', '-rss_limit_mb=1024', '-verbosity=0'];
  const options = [`-max_total_time=${seconds}`, `-seed=${seed}`, '-print_final_stats=1'];
  const artifacts = `-artifact_prefix=${FOLDER}/${target}-`;
  const passed = tell(target, program, [...common, ...options, artifacts, found, corpus]);
  if (passed && keep && existsSync(found))
    run(program, [...common, '-merge=1', '-use_counters=0', corpus, found]);
  return passed;
}

/** Runs it and says how much was tried, or, when it failed, all that it has to say. */
function tell(target: string, program: string, args: readonly string[]): boolean {
  const { status, stderr, error } = spawnSync(program, args, {
    ...{ stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', maxBuffer: 2 ** 28 },
  });
  if (status !== 0) console.error(stderr, error?.message ?? '');
  const tried = /number_of_executed_units: (\d+)/.exec(stderr)?.[1];
  console.error(`${status === 0 ? 'ok    ' : 'FAILED'} ${target}: ${tried ?? 0} inputs`);
  return status === 0;
}

function run(command: string, args: readonly string[]): boolean {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (error) console.error(`${command}: ${error.message}`);
  return status === 0;
}
