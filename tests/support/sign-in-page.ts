// The sign-in page in a real browser: with the site's token, which stands behind the form for people.
import type { Page } from 'playwright-core';

export async function showToken(page: Page, token: string): Promise<void> {
  await page.locator('summary').click();
  await page.locator('#token').fill(token);
  await page.keyboard.press('Enter');
}
