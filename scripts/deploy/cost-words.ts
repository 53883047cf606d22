/** The words of docs/cost.es.md: English -> Spanish. `#` stands for a number, and the numbers keep their order. */
const SPANISH: Readonly<Record<string, string>> = {
  agents: "agentes",
  where: "dónde",
  what: "qué",
  together: "total",
  "every call transcribed": "todas las llamadas transcritas",
  "one call in four transcribed": "una llamada de cada cuatro transcrita",
  "no transcription": "sin transcripción",
  "counted for # agents": "contado para # agentes",
  "$, # agents": "$, # agentes",
  "# calls at a time": "# llamadas a la vez",
  "Transcription: standard": "Transcripción: estándar",
  "Transcription: Call Analytics": "Transcripción: Call Analytics",
  "Sentiment (Comprehend)": "Sentimiento (Comprehend)",
  Lambda: "Lambda",
  "Live audio (Kinesis Video)": "Audio en vivo (Kinesis Video)",
  "Agent events (Kinesis)": "Eventos de agentes (Kinesis)",
  "Recordings (S#)": "Grabaciones (S#)",
  "Checkpoints (S#)": "Puntos de control (S#)",
  "Watching it (CloudWatch)": "Monitoreo (CloudWatch)",
  "Key, secret, data to the hub": "Clave, secreto, datos al servidor",
  "Workers Paid plan": "Plan Workers Paid",
  Worker: "Worker",
  "Durable Object: requests": "Durable Object: solicitudes",
  "Durable Object: awake": "Durable Object: tiempo activo",
  "Durable Object: rows": "Durable Object: registros",
  "Workers Logs": "Workers Logs",
  "# min of calls": "# min de llamadas",
  "# turns of # units": "# frases de # unidades",
  "# h of listening, # events": "# h de escucha, # eventos",
  "# GB in and out": "# GB de entrada y de salida",
  "# shard": "# shard",
  none: "ninguna",
  "# writes": "# escrituras",
  "# alarms, # metrics, logs": "# alarmas, # métricas, logs",
  "# posts": "# envíos",
  "one account": "una cuenta",
  "# requests": "# solicitudes",
  "posts and sockets, outgoing frames are free": "envíos y sockets, los mensajes salientes son gratis",
  "# h of #": "# h de #",
  "# written": "# escritos",
  "# events": "# eventos",
};
const NUMBER = /\d[\d,.]*\d|\d/g;

/** Returns a text of the cost table in Spanish. @throws Error when nobody has translated the text yet. */
export function costWordsInSpanish(text: string): string {
  const numbers = text.match(NUMBER) ?? [];
  const key = text.replaceAll(NUMBER, "#");
  const words = SPANISH[key];
  if (words === undefined)
    throw new Error(`docs/cost.es.md has no words for "${key}". Add them to SPANISH in scripts/deploy/cost-words.ts.`);
  return numbers.reduce((line, number) => line.replace("#", number), words);
}
