import { SERVICE_LEVEL_FORMULAS, type ServiceLevelFormula } from "../core/queues/queue-day.ts";
import { SettingsReader } from "../protocol/settings-reader.ts";
import { type ActionsSettings, readActionsSettings } from "./actions/actions-settings.ts";
import { type DeliverySettings, readDeliverySettings } from "./alerts/delivery-settings.ts";
import { type IdentitySettings, readIdentitySettings } from "./auth/identity-settings.ts";
import { VIEWER_ROLES, type ViewerRole } from "./auth/viewer-roles.ts";
import { type CenterNames, readCenterNames } from "./center-name.ts";
import { type ObjectPlaces, readObjectPlaces } from "./object-places.ts";

/** The settings of the hub. docs/deploy.md explains their names and meaning. */
export interface Settings {
  /** Instance id -> its signing secrets, separated by spaces, newest first. An instance exists if it is here. */
  ingestSecrets: ReadonlyMap<string, string>;
  /** Keys for viewer tickets, newest first: the first signs, all verify. */
  ticketSecrets: readonly Uint8Array<ArrayBuffer>[];
  /** The name of the hub, to which tickets and display links are bound. */
  hubName: string;
  metricsToken: string | null;
  localMode: boolean;
  identity: IdentitySettings | null;
  allowedOrigins: ReadonlySet<string>;
  flushIntervalMs: number;
  viewersPerObject: number;
  /** A contact's turns leave the hub so long after its end. */
  forgetTurnsAfterMs: number;
  /** An agent without news for so long leaves the board. */
  forgetAgentsAfterMs: number;
  /** If false, the agent's own side of the sentiment is neither kept nor shown. */
  showAgentSentiment: boolean;
  /** Days of agents before today that are kept; 0 = none is written. */
  historyDays: number;
  /** Entries of the audit are kept so long. */
  auditKeptMs: number;
  /** If false, who listens to whom is neither kept nor shown. */
  showListeners: boolean;
  /** IANA name. Days and quiet hours go by the clocks there. */
  timeZone: string;
  centerNames: CenterNames;
  serviceLevelFormula: ServiceLevelFormula;
  places: ObjectPlaces;
  /** The role that may hear recordings from the board; null = nobody may. */
  recordingRole: ViewerRole | null;
  delivery: DeliverySettings;
  actions: ActionsSettings;
}

export type ParsedSettings = { ok: true; settings: Settings } | { ok: false; name: string; message: string };

/** RFC 7518 §3.2: an HS256 key has at least the size of the hash. */
const MIN_TICKET_SECRET_BYTES = 32;
const IN_STAGE = "Set it in the vars of the stage in vigia.config.json (docs/deploy.md) and run npm run deploy:hub.";
/** The Worker of the first release. Its tickets were signed with the bare secret, so its keys stay as they are. */
const FIRST_HUB = "vigia";
const SIGNING_ADVICE = "Put the signing secret of an instance into the Worker with npm run secret -- add.";
const TICKET_ADVICE = "Put a new one into the Worker with npm run secret -- tickets.";
/** An instance may have a secret of its own. Its name ends with the id of the instance in capitals, with `_` for `-`. */
const OWN_SECRET = /^INGEST_SECRET_([A-Z0-9_]+)$/;
/** The value of an own secret by which an operator removes an instance that INGEST_SECRETS still lists. */
const REMOVED = "removed";

const parsed = new WeakMap<object, ParsedSettings>();

/**
 * Reads the settings of the hub from the Worker's `env`, and keeps the result for the same `env`. For wrong settings `name` is
 * the first of them, and `message` lists all of them without their values.
 */
export function readSettings(env: object): ParsedSettings {
  const known = parsed.get(env);
  if (known !== undefined) return known;
  const result = parse(new SettingsReader(env));
  parsed.set(env, result);
  return result;
}

function parse(reader: SettingsReader): ParsedSettings {
  const settings: Settings = {
    ingestSecrets: ingestSecrets(reader),
    ticketSecrets: ticketSecrets(reader),
    hubName: hubName(reader),
    metricsToken: reader.optionalText("METRICS_TOKEN"),
    localMode: reader.choice("AUTH_MODE", ["jwt", "local"]) === "local",
    identity: readIdentitySettings(reader, IN_STAGE),
    allowedOrigins: allowedOrigins(reader),
    flushIntervalMs: reader.wholeNumber("FLUSH_INTERVAL_MS", 100, 0, 60_000),
    viewersPerObject: reader.wholeNumber("VIEWERS_PER_OBJECT", 1000, 1, 30_000),
    // Ten minutes are enough to finish reading. At most a day, because transcripts should not stay longer than needed.
    forgetTurnsAfterMs: reader.wholeNumber("FORGET_TRANSCRIPTS_AFTER_SECONDS", 600, 0, 86_400) * 1000,
    // At most ten years: what is kept longer is kept for ever.
    forgetAgentsAfterMs: reader.wholeNumber("FORGET_AGENTS_AFTER_DAYS", 30, 1, 3650) * 24 * 60 * 60_000,
    showAgentSentiment: reader.choice("SHOW_AGENT_SENTIMENT", ["true", "false"]) === "true",
    // At most a year: it measures people at work.
    historyDays: reader.wholeNumber("HISTORY_DAYS", 7, 0, 366),
    // At most ten years, as for agents.
    auditKeptMs: reader.wholeNumber("AUDIT_DAYS", 365, 1, 3650) * 24 * 60 * 60_000,
    showListeners: reader.choice("SHOW_LISTENERS", ["true", "false"]) === "true",
    timeZone: timeZone(reader),
    centerNames: readCenterNames(reader, IN_STAGE),
    serviceLevelFormula: reader.choice("SERVICE_LEVEL_FORMULA", SERVICE_LEVEL_FORMULAS),
    places: readObjectPlaces(reader),
    recordingRole: VIEWER_ROLES.find((role) => role === reader.choice("RECORDING_ROLE", ["", ...VIEWER_ROLES])) ?? null,
    delivery: readDeliverySettings(reader, IN_STAGE),
    actions: readActionsSettings(reader, IN_STAGE),
  };
  const [first] = reader.problems;
  if (first === undefined) return { ok: true, settings };
  return { ok: false, name: first.name, message: reader.problems.map(({ message }) => message).join(" ") };
}

/**
 * Reads the signing secrets of all instances: the list of the first release, and the secrets of single instances. The own secret
 * wins, because the list may still have a secret that was rotated out.
 */
function ingestSecrets(reader: SettingsReader): ReadonlyMap<string, string> {
  const all = new Map(reader.textMap("INGEST_SECRETS", `It maps instance ids to whsec_ secrets. ${SIGNING_ADVICE}`));
  const own = reader.namesLike(OWN_SECRET);
  for (const name of own) {
    const instanceId = name.replace(OWN_SECRET, "$1").toLowerCase().replaceAll("_", "-");
    const secrets = reader.optionalText(name);
    if (secrets === REMOVED) all.delete(instanceId);
    else if (secrets !== null) all.set(instanceId, secrets);
  }
  if (own.length === 0) reader.requiredText("INGEST_SECRETS", `No instance has a secret of its own either. ${SIGNING_ADVICE}`);
  return all;
}

function hubName(reader: SettingsReader): string {
  return reader.optionalText("HUB_NAME") ?? FIRST_HUB;
}

function ticketSecrets(reader: SettingsReader): Uint8Array<ArrayBuffer>[] {
  reader.requiredText("TICKET_SECRET", TICKET_ADVICE);
  return reader.words("TICKET_SECRET").flatMap((word) => {
    const bytes = decodeBase64(word);
    if (bytes !== null && bytes.length >= MIN_TICKET_SECRET_BYTES) return [ownKey(bytes, hubName(reader))];
    const problem = bytes === null ? "is not base64" : `has ${bytes.length} bytes, but ${MIN_TICKET_SECRET_BYTES} are needed`;
    reader.refuse("TICKET_SECRET", problem, TICKET_ADVICE);
    return [];
  });
}

/** Adds the name of the hub to a ticket key, so that a ticket of one hub opens no other hub that has the same secret. */
function ownKey(secret: Uint8Array<ArrayBuffer>, hub: string): Uint8Array<ArrayBuffer> {
  return hub === FIRST_HUB ? secret : Uint8Array.from([...secret, ...new TextEncoder().encode(`/${hub}`)]);
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

function allowedOrigins(reader: SettingsReader): ReadonlySet<string> {
  const origins = reader.words("ALLOWED_ORIGINS");
  // A browser sends no origin with a star, so a pattern would allow nobody.
  if (!origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin && !origin.includes("*"))) {
    reader.refuse("ALLOWED_ORIGINS", "has an entry that is not an exact origin such as https://example.com", IN_STAGE);
  }
  return new Set(origins);
}

/**
 * Reads the name of a time zone. The runtime knows those of the IANA database, in any case. It also knows offsets such as +05:00,
 * but not every browser of the board does.
 */
function timeZone(reader: SettingsReader): string {
  const name = reader.optionalText("TIME_ZONE") ?? "UTC";
  try {
    if (/^[+-]/.test(name)) throw new RangeError();
    const known = new Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions().timeZone;
    // V8 answers older names for many zones, such as Asia/Calcutta, which the operator did not choose.
    return known.toLowerCase() === name.toLowerCase() ? known : name;
  } catch {
    reader.refuse("TIME_ZONE", "is no time zone of the IANA database such as America/Mexico_City", IN_STAGE);
    return "UTC";
  }
}
