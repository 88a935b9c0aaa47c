/** The fenced code blocks of one language, in order. */
export function blocks(markdown: string, language: string): string[] {
  return [...markdown.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, text = '']) => text,
  );
}

export interface Section {
  readonly title: string;
  readonly text: string;
}

/** The sections of a page at one heading level, with their content. */
export function sections(markdown: string, level: number): Section[] {
  const heading = new RegExp(`^#{${level}} (.+)$`, 'm');
  const [, ...parts] = markdown.split(new RegExp(`^(?=#{${level}} )`, 'm'));
  return parts.map((part) => ({ title: heading.exec(part)?.[1] ?? '', text: part }));
}

export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The tables of a page. For a cell in backticks, the text between them, including blanks. */
export function tables(markdown: string): Table[] {
  const found = markdown.match(/(?:^\|.*\|$\n?)+/gm) ?? [];
  return found.map((text) => {
    const [header = [], , ...rows] = text.trim().split('\n').map(cellsOf);
    return { header, rows };
  });
}

function cellsOf(line: string): string[] {
  return line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => {
      const text = cell.trim().replaceAll('\\|', '|');
      return /^`([^`]*)`$/.exec(text)?.[1] ?? text;
    });
}
