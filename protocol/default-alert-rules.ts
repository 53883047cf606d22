import type { AlertRules } from "./alert-rules.ts";

/** Status names by which centers call a short break, compared without case and accents. */
const SHORT_BREAKS = ["Bathroom", "Restroom", "Baño", "Sanitario", "Short break", "Descanso corto"];
const MEALS = ["Lunch", "Meal", "Comida", "Almuerzo"];
const OFF_THE_FLOOR = ["Training", "Capacitación", "Meeting", "Junta", "Reunión", "Coaching", "Retroalimentación"];

const standard = { enabled: true, forSeconds: 0, cooldownSeconds: 60, quietHours: [] };

/**
 * The rules of a center that has none of its own. Each of them fits most centers as it is. How many waiting contacts are many
 * depends on the center, so `queue-waiting` is off until somebody sets its limits.
 */
export const DEFAULT_ALERT_RULES: AlertRules = {
  rules: [
    { ...standard, id: "agent-error", watch: "statusTime", statuses: ["error"], critical: 0 },
    { ...standard, id: "missed-in-row", watch: "missedInRow", warning: 1, critical: 3 },
    { ...standard, id: "acw-long", watch: "statusTime", statuses: ["after call work"], warning: 120, critical: 300 },
    { ...standard, id: "hold-long", watch: "statusTime", statuses: ["on hold"], warning: 60, critical: 180 },
    // Lunch is not bathroom: each kind of break has limits of its own.
    {
      ...standard,
      id: "break-short",
      watch: "statusTime",
      statuses: ["away"],
      statusNames: SHORT_BREAKS,
      warning: 600,
      critical: 900,
    },
    {
      ...standard,
      id: "break-meal",
      watch: "statusTime",
      statuses: ["away"],
      statusNames: MEALS,
      warning: 3_600,
      critical: 4_500,
    },
    {
      ...standard,
      id: "break-other",
      watch: "statusTime",
      statuses: ["away"],
      exceptStatusNames: [...SHORT_BREAKS, ...MEALS, ...OFF_THE_FLOOR],
      warning: 1_200,
      critical: 1_800,
    },
    { ...standard, id: "agent-silent", watch: "agentSilence", warning: 300 },
    { ...standard, id: "sentiment-low", watch: "sentimentRecent", minCustomerTurns: 4, warning: -2.5, critical: -4 },
    { ...standard, id: "sentiment-fall", watch: "sentimentFall", minCustomerTurns: 6, warning: 4, critical: 6 },
    // A chat of 45 minutes is an ordinary chat, so only calls have a limit.
    { ...standard, id: "call-long", watch: "contactTime", channels: ["voice"], warning: 1_200, critical: 2_400 },
    { ...standard, id: "transcription-lost", watch: "transcriptionLost", channels: ["voice"], warning: 0 },
    { ...standard, id: "chat-waits", watch: "answerWait", channels: ["chat"], warning: 60, critical: 180 },
    { ...standard, id: "queue-waiting", enabled: false, watch: "queueWaiting", forSeconds: 15, warning: 5, critical: 10 },
    { ...standard, id: "queue-oldest", watch: "queueOldest", cooldownSeconds: 300, warning: 60, critical: 180 },
    {
      ...standard,
      id: "service-level",
      watch: "queueServiceLevel",
      minContacts: 20,
      forSeconds: 60,
      cooldownSeconds: 1_800,
      warning: 0.8,
      critical: 0.6,
    },
    { ...standard, id: "queue-unattended", watch: "queueUnattended", cooldownSeconds: 300, warning: 30, critical: 120 },
    // `reconcile` posts on a schedule, so even a center without agents has posts.
    { ...standard, id: "feed-silent", watch: "feedSilence", warning: 180, critical: 600 },
  ],
};
