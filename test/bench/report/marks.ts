/** What is written by the benchmark stands between two marks that a reader of the page does not see. */
const BEGIN = "<!-- figures: begin (written by npm run bench from bench-results.json) -->";
const END = "<!-- figures: end -->";

/** The page with `content` between its marks. @throws Error naming the page when it has none. */
export function betweenMarks(name: string, page: string, content: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from)
    throw new Error(`${name} has no place for the figures: put "${BEGIN}" and "${END}" where they belong.`);
  return `${page.slice(0, from + BEGIN.length)}\n\n${content.trim()}\n\n${page.slice(to)}`;
}
