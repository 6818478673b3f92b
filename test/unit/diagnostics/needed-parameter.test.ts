import { expect, it } from 'vitest';
import { diagnostics } from '../../../src/diagnostics/registry.ts';

it('says which parameter is needed, and what it means', () => {
  const hdfs = diagnostics.find(({ id }) => id === 'hdfs');
  expect(() => hdfs?.bind({}, 'nonce')).toThrow(/^hdfs: path= is needed: directory within HDFS/);
});
