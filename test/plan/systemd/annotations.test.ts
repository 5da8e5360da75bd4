// Properties of the unit that annotations ask for.

import { expect, test } from '@jest/globals';
import { compile } from '../../../src/plan/compile.js';
import { fixtureConfig, hostFacts, plainOptions } from '../cases.js';

test.each(['1e999', 'uint64 18446744073709551615', '-1e999'])(
  'a time of %s seconds is one that systemd can count, or refused',
  (text) => {
    const config = fixtureConfig('plan/systemd-bad-annotation');
    const annotations = { 'org.systemd.property.TimeoutStopSec': text };
    const options = { ...plainOptions, cgroupManager: 'systemd' } as const;
    const compiled = compile({ ...config, annotations }, hostFacts('root'), options);
    if (compiled.ok) {
      expect(JSON.stringify(compiled.plan)).toContain(
        '{"name":"TimeoutStopUSec","signature":"t","value":0}',
      );
    } else {
      expect(compiled.failure.cause).toMatch(/ seconds are more than systemd can count$/);
    }
  },
);
