import type { Article } from '@clawdesk/client';
import { parse as parseYaml } from 'yaml';

/** An article without what its file's path tells. */
export type FileArticle = Omit<Article, 'id'> & { id?: string };

/**
 * A Markdown file: YAML front matter (`id`, `title`, `url`, `language`), then the body. The title is the front matter's,
 * else the first heading, which is then left out of the body.
 * @returns a sentence when it cannot be taken
 */
export function markdownArticle(text: string): FileArticle | string {
  const parts = /^---[ \t]*\r?\n([\s\S]*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(
    text.replace(/^\uFEFF/, ''),
  );
  const content = text.replace(/^\uFEFF/, '').slice(parts?.[0].length ?? 0);
  const matter = frontMatter(parts?.[1] ?? '');
  if (typeof matter === 'string') return matter;
  const heading = firstHeading(content);
  const title = matter['title'] ?? heading?.title;
  if (!title) return 'no title: give it a first heading (`# …`), or `title:` in its front matter';
  const body = (matter['title'] === undefined && heading ? heading.rest : content).trim();
  if (body === '') return 'no text under its title';
  return {
    title,
    body,
    format: 'markdown',
    ...pick(matter, 'id'),
    ...pick(matter, 'url'),
    ...pick(matter, 'language'),
  };
}

type Matter = Readonly<Partial<Record<'id' | 'title' | 'url' | 'language', string>>>;

function frontMatter(yaml: string): Matter | string {
  let value: unknown;
  try {
    value = parseYaml(yaml, { logLevel: 'error' });
  } catch (error) {
    return `its front matter is not YAML (${(error as Error).message.split('\n')[0]})`;
  }
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    return 'its front matter is not a list of `name: value` lines';
  const given = value as Record<string, unknown>;
  const scalar = (name: string): string | undefined => {
    const found = given[name];
    return typeof found === 'string' || typeof found === 'number' ? String(found).trim() : undefined;
  };
  return Object.fromEntries(
    ['id', 'title', 'url', 'language'].map((name) => [name, scalar(name)]).filter(([, found]) => found),
  ) as Matter;
}

const pick = (matter: Matter, name: keyof Matter): Partial<FileArticle> =>
  matter[name] === undefined ? {} : { [name]: matter[name] };

/** The first `# heading` or underlined heading that is not inside a code block, and everything but it. */
function firstHeading(content: string): { title: string; rest: string } | undefined {
  const lines = content.split(/\r?\n/);
  let fence: string | undefined;
  for (const [index, line] of lines.entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined;
      continue;
    }
    if (mark) {
      fence = mark;
      continue;
    }
    const without = (count: number): string =>
      [...lines.slice(0, index), ...lines.slice(index + count)].join('\n');
    const atx = /^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$/.exec(line)?.[1];
    if (atx) return { title: atx, rest: without(1) };
    if (line.trim() !== '' && /^ {0,3}=+[ \t]*$/.test(lines[index + 1] ?? '')) {
      return { title: line.trim(), rest: without(2) };
    }
  }
  return undefined;
}
