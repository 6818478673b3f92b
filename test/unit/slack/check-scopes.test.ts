import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { CANVAS_SCOPES, REQUIRED_SCOPES } from '../../../src/adapters/slack/check-slack.ts';

it('asks a bot token for exactly the scopes that manifest.yml gives it', () => {
  const Manifest = z.object({
    oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  });
  const { oauth_config } = Manifest.parse(parse(readFileSync('manifest.yml', 'utf8')));
  expect(Object.keys({ ...REQUIRED_SCOPES, ...CANVAS_SCOPES }).toSorted()).toEqual(
    oauth_config.scopes.bot.toSorted(),
  );
});
