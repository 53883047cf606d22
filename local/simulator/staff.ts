import type { Topic } from "../phrases/phrase.ts";
import { createRandom } from "./random.ts";

/** A person who works in the simulated contact center. The person has the same id at every start. */
export interface AgentProfile {
  id: string;
  firstName: string;
  lastName: string;
  username: string;
  team: Team;
}

/** A branch of the agent hierarchy with one routing profile. */
export interface Team {
  /** The groups on level 1 and level 2 of the hierarchy. */
  groups: readonly [string, string];
  routingProfile: string;
  queues: readonly [Queue, ...Queue[]];
  /** How many contacts of a channel an agent may have at once. An agent gets no contact of a channel that is missing. */
  concurrency: Readonly<Partial<Record<ConnectChannel, number>>>;
  /** Whether an agent with a contact of one channel may get one of another ("Set concurrency across channels" of Amazon Connect). */
  crossChannel: boolean;
}

/** Amazon Connect's names of the channels. */
export type ConnectChannel = "VOICE" | "CHAT" | "TASK" | "EMAIL";

export interface Queue {
  id: string;
  name: string;
  /** The topic of its calls and chats. */
  topic: Topic;
  channels: readonly ConnectChannel[];
}

const queue = (name: string, topic: Topic, ...channels: ConnectChannel[]): Queue => {
  return { id: createRandom(`queue ${name}`).uuid(), name, topic, channels };
};
const SALES = queue("Ventas", "delivery", "VOICE", "CHAT");
const SUPPORT = queue("Soporte técnico", "internet", "VOICE", "CHAT", "TASK");
const COLLECTION = queue("Cobranza", "credit", "VOICE", "TASK");
const CUSTOMERS = queue("Atención a clientes", "billing", "VOICE", "CHAT", "TASK", "EMAIL");
const PREMIUM = queue("Clientes premium", "billing", "VOICE", "CHAT");

const CUSTOMER_SERVICE: Team = {
  groups: ["Atención", "Atención · MX"],
  routingProfile: "Atención a clientes",
  queues: [CUSTOMERS, PREMIUM],
  concurrency: { VOICE: 1, CHAT: 3, TASK: 2, EMAIL: 2 },
  crossChannel: true,
};
const TEAMS: readonly Team[] = [
  {
    groups: ["Ventas", "Ventas · MX"],
    routingProfile: "Ventas",
    queues: [SALES, CUSTOMERS],
    concurrency: { VOICE: 1, CHAT: 3 },
    crossChannel: false,
  },
  {
    groups: ["Soporte", "Soporte · MX"],
    routingProfile: "Soporte técnico",
    queues: [SUPPORT],
    concurrency: { VOICE: 1, CHAT: 2, TASK: 2 },
    crossChannel: false,
  },
  {
    groups: ["Cobranza", "Cobranza · MX"],
    routingProfile: "Cobranza",
    queues: [COLLECTION],
    concurrency: { VOICE: 1, TASK: 1 },
    crossChannel: false,
  },
  {
    groups: ["Soporte", "Soporte · CO"],
    routingProfile: "Soporte y clientes",
    queues: [SUPPORT, CUSTOMERS],
    concurrency: { VOICE: 1, CHAT: 2, EMAIL: 1 },
    crossChannel: false,
  },
  CUSTOMER_SERVICE,
  {
    groups: ["Ventas", "Ventas · US"],
    routingProfile: "Ventas bilingüe",
    queues: [SALES],
    concurrency: { VOICE: 1, CHAT: 2 },
    crossChannel: true,
  },
];

/** Whether agents of the team get contacts of this channel from this queue. */
export function serves({ queues, concurrency }: Team, queue: Queue, channel: ConnectChannel): boolean {
  return concurrency[channel] !== undefined && queue.channels.includes(channel) && queues.includes(queue);
}

const FIRST_NAMES = (
  "Valentina Santiago Camila Mateo Ximena Diego Fernanda Leonardo Daniela Emiliano Renata Alejandro Mariana Sebastián Regina " +
  "Andrés Guadalupe Joaquín Paola Rodrigo Itzel Tomás Lucía Álvaro Antonella Facundo Martina Bruno Catalina Iker Jimena Nicolás " +
  "Abril Ignacio Rocío Gael Noemí Esteban Pilar Óscar"
).split(" ");
const LAST_NAMES = (
  "Hernández García Martínez López González Rodríguez Pérez Sánchez Ramírez Cruz Flores Gómez Morales Vázquez Reyes Jiménez Torres " +
  "Díaz Gutiérrez Ruiz Mendoza Aguilar Ortiz Castillo Romero Álvarez Rivera Chávez Ramos Herrera Medina Castro Vargas Guzmán Fernández " +
  "Rojas Muñoz Salazar Quispe Mamani Cárdenas Ospina Restrepo Londoño Benítez Sosa Acosta Figueroa Paredes Núñez Cabrera Molina Ibarra " +
  "Zamora Villalobos Peña Campos Velasco Bravo"
).split(" ");
/** Below the number of unique names: 40 first names times 59 last names. */
export const MAX_AGENTS = 2000;

/** Returns the first `count` agents. A larger count adds agents and keeps the others. */
export function hireAgents(count: number): AgentProfile[] {
  return Array.from({ length: Math.min(count, MAX_AGENTS) }, (_, index) => {
    const random = createRandom(`agent ${index}`);
    const firstName = FIRST_NAMES[index % FIRST_NAMES.length] ?? "";
    const lastName = LAST_NAMES[(Math.floor(index / FIRST_NAMES.length) + index * 11) % LAST_NAMES.length] ?? "";
    const team = TEAMS[index % TEAMS.length] ?? CUSTOMER_SERVICE;
    return { id: random.uuid(), firstName, lastName, username: plain(`${firstName}.${lastName}`), team };
  });
}

/** Returns the name in lower case without accents, for a user name. */
function plain(name: string): string {
  return name.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
