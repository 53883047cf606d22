/** The settings that are lists. Every other one with members is an object. */
const LISTS: ReadonlySet<string> = new Set(["instances", "actions", "identify"]);
/** The schema library passes over members of these names, because they could change every object of the program. */
const UNUSABLE: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Returns what the schemas do not see in the content of a settings file: a list in the place of an object, whose numbers would be
 * taken for names, and names that would be lost without a word.
 * @param place the place of `value` in the file, such as `instances[0]`; empty = the file itself
 */
export function shapeProblems(value: unknown, place = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) {
    const name = /([A-Za-z]+)$/.exec(place)?.[1] ?? "";
    if (!LISTS.has(name)) return [`${place || "The file"} is a list. Make it an object of settings.`];
    return value.flatMap((member, index) => shapeProblems(member, `${place}[${index}]`));
  }
  return Object.entries(value).flatMap(([name, member]) => {
    const at = place === "" ? name : `${place}.${name}`;
    if (UNUSABLE.has(name)) return [`${at} is a name that no setting may have. Choose another name, or a queue's id.`];
    return shapeProblems(member, at);
  });
}
