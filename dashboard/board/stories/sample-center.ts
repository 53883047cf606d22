import type { Agent, AgentPatch, Sentiment } from "../../../protocol/agent.ts";
import type { Turn } from "../../../protocol/messages.ts";
import { fakeAgent } from "../../client/testing.ts";

/** An invented contact center on a Monday morning. It has an agent in every status, and calls of every sentiment. */

/** The public fields that differ from a free agent's, and the times and scores that the others are computed from. */
interface Person extends Omit<AgentPatch, "agentId"> {
  /** Seconds in the status. */
  seconds: number;
  /** Seconds since the call began. */
  call?: number;
  quarters?: (number | null)[];
  score?: number;
}

const PEOPLE: readonly Person[] = [
  { name: "Ana Sofía Ruiz", groups: ["México", "Ventas"], status: "available", seconds: 42 },
  {
    name: "Bruno Salgado",
    groups: ["México", "Ventas"],
    status: "on a call",
    seconds: 191,
    call: 191,
    queue: "Ventas",
    quarters: [0, 1.7, 3.3, 5],
    score: 2.8,
  },
  {
    name: "Camila Torres",
    groups: ["México", "Soporte"],
    status: "on hold",
    seconds: 205,
    call: 588,
    queue: "Soporte N2",
    quarters: [0, -0.8, -1.7, -2.5],
    score: -1.4,
  },
  { name: "Diego Armendáriz", groups: ["México", "Cobranza"], status: "after call work", seconds: 72 },
  { name: "Elena Pineda", groups: ["México", "Soporte"], status: "away", statusName: "Comida", seconds: 1120 },
  {
    name: "Fernando Lugo",
    groups: ["México", "Ventas"],
    status: "on a call",
    seconds: 25,
    call: 25,
    queue: "Ventas",
    quarters: [0, null, null, null],
    score: 0,
  },
  {
    name: "Jimena Ortega",
    groups: ["México", "Cobranza"],
    status: "on a call",
    seconds: 1224,
    call: 1224,
    queue: "Cobranza",
    quarters: [1.7, -2.5, -5, -5],
    score: -3.7,
    categories: ["Cancelación", "Facturación"],
  },
  { name: "Luis Ángel Mora", groups: ["México", "Soporte"], status: "missed", seconds: 9 },
  { name: "Marisol Vega", groups: ["México", "Ventas"], status: "available", seconds: 333 },
  {
    name: "Néstor Quiroga",
    groups: ["México", "Soporte"],
    status: "on a call",
    seconds: 476,
    call: 476,
    queue: "Soporte N1",
    quarters: [1.3, 2.5, 3.8, 5],
    score: 3.1,
  },
  {
    name: "Paola Jiménez",
    groups: ["México", "Cobranza"],
    status: "on a call",
    seconds: 122,
    call: 122,
    queue: "Cobranza",
    quarters: [0, 0, -0.8, 0],
    score: -0.2,
    transcription: "failed",
  },
  {
    name: "Raúl Íñiguez",
    groups: ["México", "Soporte"],
    status: "ringing",
    seconds: 4,
    queue: "Soporte N1",
    transcription: "off",
  },
  { name: "Sara Núñez", groups: ["México", "Ventas"], status: "after call work", seconds: 141 },
  {
    name: "Tomás Arriaga",
    groups: ["México", "Cobranza"],
    status: "on a call",
    seconds: 655,
    call: 655,
    queue: "Cobranza",
    quarters: [0, 1.7, 0, 1.7],
    score: 0.8,
    transcription: "lost",
  },
  { name: "Ursula Peña", groups: ["México", "Soporte"], status: "away", statusName: "Capacitación", seconds: 610 },
  { name: "Víctor Olvera", groups: ["México", "Ventas"], status: "available", seconds: 95, stale: true },
  {
    name: "Ximena Duarte",
    groups: ["México", "Soporte"],
    status: "on a call",
    seconds: 318,
    call: 318,
    queue: "Soporte N2",
    quarters: [3.3, 2.5, 0, -1.3],
    score: 1.1,
  },
  { name: "Yolanda Cruz", groups: ["México", "Cobranza"], status: "error", seconds: 31 },
  { name: "Zacarías León", groups: ["México", "Ventas"], status: "offline", seconds: 5400 },
];

/** `now` is epoch milliseconds. */
export function sampleCenter(now: number): Agent[] {
  return PEOPLE.map((person, index) => {
    const onCall = person.status === "on a call" || person.status === "on hold";
    const sentiment =
      person.quarters === undefined
        ? null
        : { customer: score(person.score ?? null, person.quarters), agent: score(0.8, [0, 1.3, 0, 1.7]) };
    const { call, score: sentimentScore = null, quarters: _, seconds, ...fields } = person;
    const hasContact = onCall || person.status === "ringing";
    return fakeAgent({
      transcription: onCall ? "live" : null,
      ...fields,
      agentId: `agent-${index}`,
      duration: onCall ? (call ?? seconds) : null,
      sentimentScore,
      since: now - seconds * 1000,
      contactId: hasContact ? `b373d225-c6c8-48eb-b7ec-e3ce4135a7${String(index).padStart(2, "0")}` : null,
      channel: hasContact ? "voice" : null,
      routingProfile: "Perfil básico",
      sentiment,
    });
  });
}

function score(value: number | null, quarters: (number | null)[]): Sentiment {
  return { score: value, quarters, recent: quarters.findLast((quarter) => quarter !== null) ?? null };
}

export const JIMENA_CONTACT = "b373d225-c6c8-48eb-b7ec-e3ce4135a706";

/** The second sentence is the call's issue. */
const DOUBLE_CHARGE = "Buenos días. Me cobraron dos veces el mismo mes.";

/** Returns the turns of Jimena Ortega's difficult call. The last turn is partial. */
export function sampleTurns(now: number): Turn[] {
  const lines: [Turn["role"], number, string, Turn["sentiment"]][] = [
    ["agent", 4, "Gracias por llamar a Cobranza, le atiende Jimena. ¿En qué le puedo ayudar?", "neutral"],
    ["customer", 11, DOUBLE_CHARGE, "neutral"],
    ["agent", 19, "Entiendo, señora. Déjeme revisar su factura.", "neutral"],
    ["customer", 28, "Es la tercera vez que llamo y nadie me resuelve.", "negative"],
    ["agent", 39, "Lamento mucho la espera. ¿Me confirma los últimos dígitos de su tarjeta?", "positive"],
    ["customer", 47, "Sí, es [CREDIT_DEBIT_NUMBER], a nombre de [NAME].", "neutral"],
    ["customer", 58, "La verdad ya quiero cancelar el servicio.", "negative"],
    ["agent", 66, "Le ofrezco una disculpa. Voy a aplicar el reembolso ahora mismo.", "positive"],
    ["customer", 75, "Eso me dijeron la vez pasada y no pasó nada.", "negative"],
    ["agent", 84, "Esta vez le envío el comprobante a su correo antes de colgar.", "positive"],
  ];
  const turns: Turn[] = lines.map(([role, second, text, sentiment], index) => ({
    turnId: `turn-${index}`,
    role,
    beginMs: (1110 + second) * 1000,
    endMs: (1115 + second) * 1000,
    text,
    final: true,
    sentiment,
    ...(text === DOUBLE_CHARGE && { issues: [{ begin: text.indexOf("Me cobraron"), end: text.length - 1 }] }),
    occurredAt: now - 100_000 + second * 1000,
  }));
  turns.push({
    turnId: "turn-last",
    role: "customer",
    beginMs: 1_203_000,
    endMs: 1_205_000,
    text: "Bueno, pero necesito que",
    final: false,
    sentiment: null,
    occurredAt: now,
  });
  return turns;
}
