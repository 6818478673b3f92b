import { describe, expect, test } from 'vitest';
import { call, openPage, reason } from '../support/workspace-page.ts';

describe.skipIf(reason !== null)('the canvas of a channel on the page of the workspace', () => {
  test('folds out under the head, follows every edit, and its text is only text', async () => {
    const { workspace, page } = await openPage();
    const markdown =
      '**SEV2:** \\[no link\\](x) &lt;b&gt;  \n[Alert](https://alert.example/1)\n\n## Notes';
    await call(workspace, 'conversations.canvases.create', {
      channel_id: 'C0INCIDENT',
      title: 'Handover',
      document_content: { type: 'markdown', markdown },
    });
    const canvas = page.getByTestId('canvas');
    await canvas.getByText('Canvas: Handover').click();
    await canvas.getByText('[no link](x) <b>').waitFor();
    expect(await canvas.getByRole('link', { name: 'Alert' }).getAttribute('href')).toBe(
      'https://alert.example/1',
    );
    // It stays open while what it says changes.
    workspace.control.writeCanvas('ada', 'incidents', 'called the data centre');
    await canvas.getByText('called the data centre').waitFor();
    workspace.control.deleteCanvas('ada', 'incidents');
    await canvas.waitFor({ state: 'detached' });
  });
});
