// Names of kernel parameters in both of their forms (sysctl.d(5)).

import { expect, test } from '@jest/globals';
import { sysctlPath } from '../../src/spec/rules/sysctl.js';

test.each([
  ['net.ipv4.ip_forward', 'net/ipv4/ip_forward'],
  ['net/ipv4/ip_forward', 'net/ipv4/ip_forward'],
  ['net/ipv4/conf/eth0.100/rp_filter', 'net/ipv4/conf/eth0.100/rp_filter'],
  ['net.ipv4.conf.eth0/100.rp_filter', 'net/ipv4/conf/eth0.100/rp_filter'],
  ['plain', 'plain'],
])('%s is /proc/sys/%s', (key, path) => {
  expect(sysctlPath(key)).toBe(path);
});
