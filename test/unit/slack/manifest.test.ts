import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/** Slack's own schema: github.com/slackapi/manifest-schema, manifest.schema.2.0.0.json. */
const schema: object = JSON.parse(read('test/support/slack-manifest.schema.json'));
const manifest: unknown = parse(read('manifest.yml'));

describe('manifest.yml', () => {
  const ajv = new Ajv.default({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const check = ajv.compile(schema);

  it('is a manifest that Slack takes', () => {
    expect(check(manifest) ? [] : check.errors).toEqual([]);
    expect(check({ ...Object(manifest), display_information: { name: 'x'.repeat(36) } })).toBe(
      false,
    );
  });

  it('has the two commands, with mentions escaped so that names survive', () => {
    expect(manifest).toMatchObject({
      features: {
        slash_commands: [
          { command: '/diag', should_escape: true },
          { command: '/incident', should_escape: true },
        ],
      },
      settings: { interactivity: { is_enabled: true } },
    });
  });
});
