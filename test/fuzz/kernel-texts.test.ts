// Texts of the kernel and of /etc with parts that others choose: names of processes, mounts, users.

import { expect } from '@jest/globals';
import fc from 'fast-check';
import { parseMountinfo } from '../../src/cli/audit/mountinfo.js';
import { parseStatus } from '../../src/cli/audit/status.js';
import { ownCgroup, parseLayout, parseVersion1 } from '../../src/host/cgroup-layout.js';
import { idOutside, parseIdMap } from '../../src/host/id-map.js';
import { accountIn, parseGetsubids } from '../../src/host/id-ranges.js';
import { hiddenIn } from '../../src/host/kernel-views.js';
import { parseOpenFiles } from '../../src/host/open-files.js';
import { parseStat } from '../../src/host/process.js';
import { visible } from '../../src/visible.js';
import { holds, textOf } from './holds.js';

/** Of a process, or of a file: any but NUL. */
const names = textOf(
  'a',
  ' ',
  ')',
  '(',
  ') R 1 ',
  '\n',
  ' - ',
  '\\',
  '\\040',
  ':',
  '\t',
  'ü',
  '#',
).map((text) => text.replaceAll('\0', ''));

const pids = fc.integer({ min: 1, max: 2 ** 22 });

holds(
  'the name of a process says nothing about its other fields',
  fc.tuple(pids, names, fc.constantFrom('R', 'Z', 'X'), pids, fc.nat(), fc.array(fc.nat())),
  ([pid, name, state, parent, startTime, rest]) => {
    const between = Array.from({ length: 17 }, () => 7);
    const line = [`${pid} (${name})`, state, parent, ...between, startTime, ...rest].join(' ');
    expect(parseStat(`${line}\n`)).toEqual({ pid, name, state, parent, startTime });
  },
);

/** As seq_path() of the kernel writes it. */
function escaped(path: string): string {
  return path.replace(/[ \t\n\\#]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

const paths = names.map((name) => `/${name}`);
const mounts = fc.array(
  fc.record({
    ...{ root: paths, target: paths, source: names, writable: fc.boolean(), nodev: fc.boolean() },
    type: fc.constantFrom('tmpfs', 'proc', 'cgroup2', 'fuse.x'),
    peers: fc.option(fc.nat(99).map(String), { nil: undefined }),
  }),
  { maxLength: 4 },
);

holds('names of mounts say nothing about other mounts', mounts, (given) => {
  const lines = given.map(({ root, target, source, writable, nodev, type, peers }) => {
    const options = `${writable ? 'rw' : 'ro'}${nodev ? ',nodev' : ''},relatime`;
    const tags = peers === undefined ? '' : ` shared:${peers}`;
    const left = `9 1 0:5 ${escaped(root)} ${escaped(target)} ${options}${tags}`;
    return `${left} - ${type} ${escaped(source) || 'none'} rw\n`;
  });
  const facts = parseMountinfo(lines.join(''));
  expect(facts).toEqual(
    given.map(({ root, target, writable, nodev, type, peers }) => ({
      ...{ device: '0:5', root, target, writable, devices: !nodev, type },
      ...(peers === undefined ? {} : { peers }),
    })),
  );
  expect(parseLayout(lines.join('')).mount).toBe(
    given.find(({ type }) => type === 'cgroup2')?.target,
  );
});

const ids = fc.integer({ min: 0, max: 2 ** 32 - 2 });
const grants = fc.array(fc.record({ owner: names, start: ids, count: ids }), { maxLength: 4 });

holds('what getsubids prints of others is nobody else’s', grants, (given) => {
  const plain = given.map((grant) => ({ ...grant, owner: grant.owner.replace(/[\s:]/g, '') }));
  const text = plain.map(({ owner, start, count }, i) => `${i}: ${owner} ${start} ${count}\n`);
  expect(parseGetsubids(text.join(''))).toEqual(
    plain.map(({ start, count }) => ({ start, count })),
  );
});

holds(
  'an account is the first whose id is the one asked for',
  fc.tuple(fc.array(fc.tuple(names, fc.constantFrom('0', '1', '00', '', '1 ')), { maxLength: 5 })),
  ([lines]) => {
    const plain = lines.map(([name, id]) => [name.replace(/[\n:]/g, ''), id] as const);
    const text = plain.map(([name, id]) => `${name}:x:${id}:7:::\n`).join('');
    const first = plain.find(([name, id]) => id === '1' && name !== '');
    expect(accountIn(text, 1)).toEqual(first && { name: first[0], group: 7 });
  },
);

holds(
  'an id is mapped by the range that holds it',
  fc.tuple(ids, ids, fc.integer({ min: 1, max: 1000 }), fc.nat(1000)),
  ([inside, outside, count, offset]) => {
    const map = `${String(inside).padStart(10)} ${String(outside).padStart(10)} ${count}\n`;
    const found = idOutside(inside + offset, map);
    expect(found).toBe(offset < count ? outside + offset : undefined);
    expect(parseIdMap(map)).toEqual([{ inside, outside, count }]);
  },
);

holds('the own cgroup is that of version 2', names, (name) => {
  const path = name.replaceAll('\n', '').replace(/^\.\./, '');
  if (path.endsWith(' (deleted)')) return;
  expect(ownCgroup(`3:cpu:/${path}x\n0::/${path}\n`)).toEqual({ own: `/${path}` });
  expect(ownCgroup(`0::/../${path}\n`)).toEqual({});
});

const anything = textOf(
  ...['0::/', '1 2 0:5 / /proc rw', ' - ', 'proc proc rw', '\n', ' ', '\t', ':', '\\040'],
  ...['Max open files ', 'unlimited', 'Seccomp:\t2', 'CapEff:', 'cpu\t1\t1\t1', '4096'],
);

holds('a text of no form at all is never too much', anything, (text) => {
  parseMountinfo(text);
  parseStatus(text);
  parseLayout(text);
  parseVersion1(text, () => text);
  parseIdMap(text);
  parseGetsubids(text);
  hiddenIn(text, 'proc');
  ownCgroup(text);
  parseOpenFiles(text);
  parseStat(text);
});

holds('what a terminal would obey is shown', names, (text) => {
  expect(visible(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
});
