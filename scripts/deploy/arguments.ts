/** What every deployment command takes. `rest` is for the command itself or for the tool that it runs. */
export interface DeployArguments {
  /** `--config FILE`, or `-c config=FILE` as the CDK takes it. */
  config: string | undefined;
  /** `--profile NAME`: the AWS login. */
  profile: string | undefined;
  /** `--instance`: the id, ARN, alias or stack name of one instance. */
  instance: string | undefined;
  /** `--stage NAME`. */
  stage: string | undefined;
  rest: string[];
}

export type SplitArguments = { ok: true; given: DeployArguments } | { ok: false; message: string };

const OWN = ["config", "profile", "instance", "stage"] as const;
type OwnName = (typeof OWN)[number];
/** The CDK's context option in its forms: `-c a=b`, `--context a=b`, `--context=a=b`, `-ca=b`. */
const CONTEXT_WORD = /^(?:-c|--context)$/;
const CONTEXT_JOINED = /^(?:-c|--context=|-c=)((?:config|vigia)=.*)$/s;

/** Takes the options of every deployment command out of its arguments. The CDK must see no `config` besides the one used here. */
export function splitArguments(args: readonly string[]): SplitArguments {
  const given: DeployArguments = { config: undefined, profile: undefined, instance: undefined, stage: undefined, rest: [] };
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? "";
    const next = args[index + 1];
    const isContext = CONTEXT_WORD.test(word) && next !== undefined && /^(?:config|vigia)=/.test(next);
    const context = isContext ? next : CONTEXT_JOINED.exec(word)?.[1];
    const option = context === undefined ? ownOption(word, next) : contextOption(context);
    if (option === null) {
      given.rest.push(word);
      continue;
    }
    if (!option.ok) return option;
    if (given[option.name] !== undefined) return { ok: false, message: `--${option.name} is given twice. Give it once.` };
    given[option.name] = option.value;
    if (isContext || option.usesNext) index += 1;
  }
  return { ok: true, given };
}

type OwnOption = { ok: true; name: OwnName; value: string; usesNext: boolean } | { ok: false; message: string };

function ownOption(word: string, next: string | undefined): OwnOption | null {
  const name = OWN.find((own) => word === `--${own}` || word.startsWith(`--${own}=`));
  if (name === undefined) return null;
  const usesNext = word === `--${name}`;
  const value = usesNext ? next : word.slice(`--${name}=`.length);
  if (value === undefined || value === "" || (usesNext && value.startsWith("-"))) {
    return { ok: false, message: `--${name} needs a value.` };
  }
  return { ok: true, name, value, usesNext };
}

function contextOption(context: string): OwnOption {
  const value = context.slice(context.indexOf("=") + 1);
  if (context.startsWith("vigia=")) {
    return { ok: false, message: "-c vigia=… has moved: the settings are in vigia.config.json (docs/deploy.md, step 2)." };
  }
  if (value === "") return { ok: false, message: "-c config= needs the name of a file." };
  return { ok: true, name: "config", value, usesNext: false };
}
