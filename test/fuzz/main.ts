// `npm run fuzz -- --seconds N [--seed N] [--keep] [TARGET…]`: runs the fuzz targets in C++ and the
// properties in test/fuzz for N seconds in all. What fails is printed with what gives it again.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildTargets, runTarget } from './native.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    keep: { type: 'boolean', default: false },
  },
});

const seed = Number(values.seed);
const files = readdirSync('test/fuzz').filter((name) => name.endsWith('.test.ts'));
const properties = files.map((name) => name.slice(0, -'.test.ts'.length));
const native = buildTargets() ?? process.exit(1);
const known = [...native, ...properties];
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) throw new Error(`no target ${unknown}; there are ${known.join(' ')}`);
const chosen = positionals.length > 0 ? positionals : known;
const seconds = Math.max(1, Math.floor(Number(values.seconds) / chosen.length));

console.error(`seed ${seed}, ${seconds} s for each of ${chosen.join(' ')}`);
const failed = chosen.filter((name) => !runOne(name));
console.error(failed.length > 0 ? `FAILED ${failed.join(' ')} (seed ${seed})` : 'all kept');
process.exitCode = failed.length > 0 ? 1 : 0;

function runOne(name: string): boolean {
  console.error(`\n== ${name}`);
  if (native.includes(name)) return runTarget(name, { seconds, seed, keep: values.keep });
  const jest = ['node_modules/jest/bin/jest.js', '--selectProjects', 'unit', '-w', '1'];
  const { status } = spawnSync('node', [...jest, `test/fuzz/${name}.test.ts`], {
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_OPTIONS: '--experimental-vm-modules --no-warnings',
      SAMPAN_FUZZ_SECONDS: String(seconds),
      SAMPAN_FUZZ_SEED: String(seed),
    },
  });
  return status === 0;
}
