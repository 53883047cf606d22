import { expect, test } from "vitest";
import { readAgentEvent } from "../../../aws-ingest/connect/agent-event.ts";
import { ActionState } from "../../../local/aws/connect-actions.ts";
import { type AgentEvent, agentEventRecord, type ContactSnapshot, type Home } from "../../../local/simulator/agent-event.ts";
import { connectDirectory } from "../../../local/simulator/connect-directory.ts";
import { SimulatedContactCenter } from "../../../local/simulator/simulated-contact-center.ts";

const HOME: Home = { accountId: "111122223333", region: "us-east-1", instanceId: "a8c17f30-f72c-4900-abd2-8745056c4c99" };
const OPENING = 1_714_363_532_120;

/** A center of which supervisors listen to calls. */
class Floor {
  readonly center = new SimulatedContactCenter({ agents: 20, calls: 3, speed: 1, seed: "a floor" }, OPENING);
  readonly ended: string[] = [];
  now = OPENING;

  constructor() {
    this.center.panel.onEnd = (id) => this.ended.push(id);
  }

  /** Returns the events of the supervisor in this time. */
  after(ms: number): AgentEvent[] {
    const events: AgentEvent[] = [];
    for (const end = this.now + ms; this.now < end; ) {
      this.now += 100;
      for (const effect of this.center.advance(this.now)) if (effect.type === "agent") events.push(effect.event);
    }
    return events.filter(({ agent }) => agent.id === this.center.panel.id);
  }

  /** Returns a call on which an agent talks. It may have begun some minutes ago. */
  call(except?: ContactSnapshot) {
    for (let tries = 0; tries < 600; tries += 1) {
      for (const { profile, snapshot } of this.center.staff) {
        const contact = snapshot.contacts.find(({ channel, state }) => channel === "VOICE" && state === "CONNECTED");
        if (contact !== undefined && contact.contactId !== except?.contactId) return { profile, contact };
      }
      this.after(1_000);
    }
    throw new Error("No agent of the simulated center talks within ten minutes.");
  }

  ring({ contactId }: ContactSnapshot): string {
    const monitorContactId = `monitor-${contactId}`;
    this.center.panel.ring({ contactId, monitorContactId }, this.now);
    return monitorContactId;
  }
}

/** What the product reads in the last of the events. */
function listeningIn(events: readonly AgentEvent[]): unknown {
  const last = events.at(-1);
  if (last === undefined) return "no event";
  const reading = readAgentEvent(agentEventRecord(HOME, last), HOME.instanceId);
  return reading.outcome === "read" && reading.value.type === "agent.state" ? (reading.value.monitoring ?? "nothing") : reading;
}

test("A listening rings for three seconds before the supervisor of the demo hears anything.", () => {
  const floor = new Floor();
  const { contact } = floor.call();
  const monitorContactId = floor.ring(contact);
  const ringing = floor.after(2_900);
  expect(ringing.map(({ current }) => current.contacts.map(({ state }) => state))).toEqual([[], ["INCOMING"]]);
  expect(listeningIn(ringing)).toBe("nothing");
  const taken = floor.after(200);
  expect(listeningIn(taken)).toEqual([
    { contactId: monitorContactId, initialContactId: contact.initialContactId ?? contact.contactId, since: floor.now - 100 },
  ]);
});

test("A listening ends with its call, and the supervisor of the demo signs out.", () => {
  const floor = new Floor();
  const { contact, profile } = floor.call();
  const monitorContactId = floor.ring(contact);
  expect(floor.after(3_100).at(-1)?.agent.team).toBe(profile.team);
  floor.center.orders.stopContact(contact.contactId, floor.now);
  const events = floor.after(200);
  expect(events.map(({ type, current }) => [type, current.contacts.map(({ state }) => state)])).toEqual([
    ["STATE_CHANGE", ["ENDED"]],
    ["STATE_CHANGE", []],
    ["LOGOUT", []],
  ]);
  expect(floor.ended).toEqual([monitorContactId]);
  expect(floor.after(10_000)).toEqual([]);
});

test("A second listening ends the first one, and a call that is over does not ring.", () => {
  const floor = new Floor();
  const { contact: first } = floor.call();
  const firstMonitor = floor.ring(first);
  floor.after(3_100);
  const { contact: second } = floor.call(first);
  const secondMonitor = floor.ring(second);
  expect(floor.ended).toEqual([firstMonitor]);
  expect(listeningIn(floor.after(3_100))).toMatchObject([{ contactId: secondMonitor }]);
  expect(floor.ring({ ...first, contactId: "over" })).toBe(floor.ended.at(-1));
});

test("The supervisor of the demo is in the list of Amazon Connect's users, and among the signed-in ones only while listening.", () => {
  const floor = new Floor();
  const { panel } = floor.center;
  const roster = connectDirectory(
    HOME.instanceId,
    () => floor.center.staff,
    () => [panel.entry],
  );
  const supervisor = () => roster.users.find(({ id }) => id === panel.id);
  expect(supervisor()).toMatchObject({ username: "local", presence: null });
  floor.ring(floor.call().contact);
  floor.after(3_100);
  expect(supervisor()?.presence?.contacts).toMatchObject([{ initiationMethod: "MONITOR", state: "CONNECTED" }]);
});

test("Amazon Connect's stand-in has room for another listener when one has hung up.", () => {
  const floor = new Floor();
  const { contact } = floor.call();
  const roster = connectDirectory(
    HOME.instanceId,
    () => floor.center.staff,
    () => [floor.center.panel.entry],
  );
  const actions = new ActionState();
  actions.openPanels.add(floor.center.panel.id);
  const listen = () =>
    actions.monitor(roster, {
      InstanceId: HOME.instanceId,
      ContactId: contact.contactId,
      UserId: floor.center.panel.id,
      AllowedMonitorCapabilities: ["SILENT_MONITOR"],
      ClientToken: "",
    });
  const [first] = [1, 2, 3, 4, 5].map(listen);
  expect(listen).toThrow("quota");
  actions.endMonitor(first?.monitorContactId ?? "");
  expect(listen().contactId).toBe(contact.contactId);
});
