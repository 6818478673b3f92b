import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../src/adapters/slack/limits.ts';
import { MAX_PARTS } from '../../../src/adapters/slack/render/pack.ts';
import { renderDocument } from '../../../src/adapters/slack/render/render-document.ts';
import { renderForm } from '../../../src/adapters/slack/render/render-form.ts';
import { renderHome } from '../../../src/adapters/slack/render/render-home.ts';
import { checkBlocks } from '../../../src/workspace/blocks/check-blocks.ts';
import { checkView, isViewTooLarge } from '../../../src/workspace/blocks/check-view.ts';
import { anyDocument, anyForm } from '../../support/any-document.ts';
import { HIDDEN, isDangerous, nodes, UNESCAPED } from '../../support/slack-markup.ts';

const RUNS = { numRuns: 100 };
/** Two busy cores: a property is a hundred documents. */
const PATIENCE = 60_000;

describe('any document, rendered', { timeout: PATIENCE }, () => {
  it('is taken by Slack: every limit of every block holds', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const { messages } = renderDocument(document);
        expect(messages.length).toBeGreaterThan(0);
        expect(messages.length).toBeLessThanOrEqual(MAX_PARTS);
        for (const { text, blocks } of messages) {
          expect(checkBlocks(blocks, 'message')).toEqual({ error: null, messages: [] });
          expect(blocks.length).toBeGreaterThan(0);
          expect(text.length).toBeGreaterThan(0);
          expect(text.length).toBeLessThanOrEqual(LIMITS.messageText);
          expect(shownCharacters(blocks)).toBeLessThanOrEqual(LIMITS.messageCharacters);
        }
      }),
      RUNS,
    );
  });

  it('lets no text become markup, and shows nothing that cannot be seen', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        for (const { text, blocks } of renderDocument(document).messages) {
          expect(text).not.toMatch(UNESCAPED);
          expect(text).not.toMatch(HIDDEN);
          expect(nodes(blocks).filter(isDangerous)).toEqual([]);
        }
      }),
      RUNS,
    );
  });

  it('keeps every button, each with its public id and whole value', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const wanted = document.blocks
          .flatMap((block) => (block.kind === 'actions' ? block.actions : []))
          .filter(({ value }) => value.length <= LIMITS.buttonValue)
          .map(({ action, value }) => JSON.stringify([action, value]));
        const { messages } = renderDocument(document);
        const shown = messages
          .flatMap(({ blocks }) => nodes(blocks))
          .filter((node) => node['type'] === 'button')
          .map((node) => JSON.stringify([node['action_id'], node['value'] ?? '']));
        // Only a document of more than twenty messages loses any.
        const expected = messages.length === MAX_PARTS ? shown : wanted;
        expect(shown.toSorted()).toEqual(expected.toSorted());
      }),
      RUNS,
    );
  });
});

describe('any form, rendered', { timeout: PATIENCE }, () => {
  it('is taken by Slack', () => {
    fc.assert(
      fc.property(anyForm, (form) => {
        const view = renderForm(form);
        expect(checkView(view, 'modal')).toEqual([]);
        expect(isViewTooLarge(view)).toBe(false);
        expect(view.private_metadata).toBe(form.metadata);
      }),
      RUNS,
    );
  });
});

describe('any home page, rendered', { timeout: PATIENCE }, () => {
  it('is taken by Slack', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const view = renderHome(document);
        expect(checkView(view, 'home')).toEqual([]);
        expect(isViewTooLarge(view)).toBe(false);
      }),
      RUNS,
    );
  });
});

/** Counted here anew, and without mercy: every string but type names. */
function shownCharacters(value: unknown): number {
  return nodes(value).reduce(
    (sum, node) =>
      sum +
      Object.entries(node).reduce(
        (n, [key, v]) => n + (typeof v === 'string' && key !== 'type' ? v.length : 0),
        0,
      ),
    0,
  );
}
