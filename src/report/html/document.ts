import { createHash } from 'node:crypto';
import { html, Markup } from './markup.ts';
import { style } from './style.ts';

/**
 * A page: one file that needs nothing else, neither network nor scripts; its policy forbids both. Everything from a file or a
 * server is escaped, so that it can do nothing.
 */
export function htmlDocument(page: {
  readonly title: string;
  readonly simulator: boolean;
  readonly body: Markup;
  readonly footer: Markup | undefined;
}): string {
  const styleHash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${page.title}</title>
        ${new Markup(`<style>${style}</style>`)}
      </head>
      <body>
        <main>
          ${page.simulator ? html`<p class="banner">SIMULATOR: NOTHING REACHED GLEANTAP</p>` : undefined} ${page.body}
          <footer><p>Written by gleantap-import. ${page.footer}</p></footer>
        </main>
      </body>
    </html> `.text;
}

/** A part of a page under a heading. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly about?: string | undefined;
  readonly content: Markup | undefined;
}

export function sectionPart({ id, title, about, content }: Section): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${about === undefined ? undefined : html`<p class="about">${about}</p>`} ${content}
  </section>`;
}
