/** The benchmark writes between these two comments. A rendered page does not show them. */
const BEGIN = "<!-- figures: begin (written by npm run bench from bench-results.json) -->";
const END = "<!-- figures: end -->";

/** Returns the page with `content` between its marks. @throws Error that names the page when it has no marks. */
export function betweenMarks(name: string, page: string, content: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from)
    throw new Error(`${name} has no place for the figures. Put "${BEGIN}" and "${END}" where they belong.`);
  return `${page.slice(0, from + BEGIN.length)}\n\n${content.trim()}\n\n${page.slice(to)}`;
}
