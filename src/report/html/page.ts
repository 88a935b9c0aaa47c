import { htmlDocument, sectionPart } from './document.ts';
import type { Section } from './document.ts';
import { html } from './markup.ts';
import type { Markup } from './markup.ts';
import type { ReportData } from './report-data.ts';
import {
  accountPart,
  consentPart,
  detailsPart,
  fieldsPart,
  filesPart,
  headPart,
  nextPart,
  notesPart,
  problemsPart,
  tagsPart,
  warningsPart,
  wordsPart,
} from './sections.ts';
import { trafficSection } from './traffic.ts';

/** `report.html`. Sections that have nothing to show are left out, also from the list of links. */
export function reportPage(data: ReportData): string {
  const sections = sectionsOf(data).filter(({ content }) => content !== undefined);
  return htmlDocument({
    title: `${data.headline}: ${data.subject}`,
    simulator: data.simulator,
    body: html`${headPart(data)} ${contents(sections)} ${sections.map(sectionPart)}`,
    footer: data.showsValues
      ? html`This page shows personal data.`
      : html`Names, contact details and birthdays are masked. To show them, use <code>--report-values</code>.`,
  });
}

function sectionsOf(data: ReportData): Section[] {
  const isCheck = data.kind === 'check';
  return [
    { id: 'next', title: 'What to do next', content: nextPart(data) },
    {
      id: 'problems',
      title: isCheck ? "Who can't be imported" : 'Problems',
      about: isCheck
        ? 'These rows stay out until their cells are corrected. All others can be imported.'
        : 'Rows that are not in Gleantap, or may not be, by reason.',
      content: problemsPart(data),
    },
    {
      id: 'account',
      title: 'Compared with Gleantap',
      about:
        'Names, emails and phone numbers are compared as Gleantap documents it. How exactly it compares them is not documented.',
      content: accountPart(data),
    },
    {
      id: 'consent',
      title: 'Consent',
      about: isCheck
        ? 'What the import will tell Gleantap about who may get messages.'
        : 'What the rows to send tell Gleantap about who may get messages.',
      content: consentPart(data),
    },
    { id: 'tags', title: 'Tags', content: tagsPart(data) },
    {
      id: 'words',
      title: 'Words and what they become',
      about: 'Words of the file on the left, what Gleantap gets on the right.',
      content: wordsPart(data),
    },
    {
      id: 'fields',
      title: 'Fields',
      about: 'How many of the rows to send fill each field.',
      content: fieldsPart(data),
    },
    {
      id: 'repairs',
      title: 'Omitted or repaired',
      about: 'These values do not keep a row from being sent.',
      content: warningsPart(data),
    },
    { id: 'notes', title: 'Worth a look', content: notesPart(data) },
    { id: 'traffic', title: 'Traffic', content: trafficSection(data) },
    { id: 'files', title: 'Files', about: 'They are in the same folder as this page.', content: filesPart(data) },
    { id: 'details', title: 'Details', content: detailsPart(data) },
  ];
}

function contents(sections: readonly Section[]): Markup | undefined {
  if (sections.length < 3) return undefined;
  return html`<nav aria-label="On this page">
    <ul>
      ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
    </ul>
  </nav>`;
}
