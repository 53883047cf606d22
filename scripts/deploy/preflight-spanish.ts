/**
 * What preflight says, in Spanish (Mexico): the English text, and the Spanish one. `{}` stands for a value, and `{1}` for the first of
 * them. A value that is itself a text of this list is translated too. A test compares the list with the texts of the checks.
 */
export const PREFLIGHT_SPANISH: readonly (readonly [english: string, spanish: string])[] = [
  ["Nothing is missing.", "No falta nada."],
  ["1 thing is missing.", "Falta 1 cosa."],
  ["{} things are missing.", "Faltan {1} cosas."],
  ["{} is not checked: {}", "Sin revisar: {1}. Motivo: {2}"],

  // The machine and the settings.
  ["Node {}.", "Node {1}."],
  ["Node {} is too old.", "Node {1} es demasiado viejo."],
  [
    "Run npm run preflight, which uses the project's own Node.",
    "Ejecuta npm run preflight, que usa el Node del propio proyecto.",
  ],
  ["cdk, wrangler, esbuild and vite are installed.", "cdk, wrangler, esbuild y vite están instalados."],
  ["These tools are not installed: {}.", "Estas herramientas no están instaladas: {1}."],
  ["Run npm ci.", "Ejecuta npm ci."],
  ["The settings ({}) are valid: instance {} in {}.", "Los ajustes ({1}) son válidos: instancia {2} en {3}."],
  ["alarmEmail is not set, so alarms reach nobody.", "Falta alarmEmail, así que las alarmas no llegan a nadie."],
  ["Set alarmEmail to an address that people read.", "Pon en alarmEmail una dirección que alguien lea."],
  [
    "AWS does not list {} for masking in Transcribe's streams. Where Transcribe refuses it, transcripts have no words.",
    "AWS no incluye {1} entre las regiones que ocultan datos en los flujos de Transcribe. Donde Transcribe lo rechaza, las transcripciones no tienen palabras.",
  ],
  [
    'Make a call and look at its transcript (docs/operate.md, "Transcribe refuses an option").',
    "Haz una llamada y mira su transcripción (docs/operate.es.md#transcribe-rechaza-una-opción).",
  ],
  [
    "languages.identify has no effect while redactPii is true, because Transcribe does not mask a language that it has to find out.",
    "languages.identify no tiene efecto mientras redactPii es true, porque Transcribe no oculta datos en un idioma que tiene que averiguar.",
  ],
  [
    "A contact without a language gets the first of languages.identify. Turn one of the two off.",
    "Un contacto sin idioma recibe el primero de languages.identify. Desactiva uno de los dos.",
  ],
  [
    "media and contactLens are both on. A call that uses both gets two scores that overwrite each other.",
    "media y contactLens están activados los dos. Una llamada que usa ambos tiene dos puntajes que se sobrescriben.",
  ],
  [
    'Choose one of them for each flow (docs/deploy.md, "Decide").',
    'Elige uno de ellos para cada flujo (docs/deploy.es.md, "Decide").',
  ],
  ["AUTH_MODE of the Worker {} is local.", "AUTH_MODE del Worker {1} es local."],
  [
    "Set it to jwt. With local, the Worker accepts loopback addresses only and refuses everyone else.",
    "Ponlo en jwt. Con local, el Worker solo acepta direcciones de esta misma máquina y rechaza a todos los demás.",
  ],
  [
    "stages.{}.vars: {} {} empty, so nobody can open the board.",
    "stages.{1}.vars: falta el valor de {2}, así que nadie puede abrir el tablero.",
  ],
  [
    'Set your identity provider there (docs/deploy.md, "Settings of the hub").',
    "Pon ahí tu proveedor de identidad (docs/deploy.es.md#ajustes-del-servidor).",
  ],
  ["The settings of the Worker {} name the identity provider.", "Los ajustes del Worker {1} nombran al proveedor de identidad."],
  [
    "stages.{}.vars: AUTH_GROUPS_CLAIM is empty, so everybody of an instance sees every agent.",
    "stages.{1}.vars: AUTH_GROUPS_CLAIM está vacío, así que todas las personas de una instancia ven a todos los agentes.",
  ],
  [
    "Set it to the claim with a person's groups, unless you mean it.",
    "Pon ahí el claim con los grupos de cada persona, a menos que así lo quieras.",
  ],
  ["The Worker of the stage {} would refuse its settings. {}", "El Worker de la etapa {1} rechazaría sus ajustes. {2}"],
  [
    "The Worker of the stage {} would refuse its settings. {} is not set. Set it in the vars of the stage in vigia.config.json (docs/deploy.md) and run npm run deploy:hub.",
    "El Worker de la etapa {1} rechazaría sus ajustes. Falta {2}. Ponlo en las vars de la etapa en vigia.config.json (docs/deploy.es.md) y ejecuta npm run deploy:hub.",
  ],
  [
    "stages.{}.vars.{} is no setting of the Worker. Remove it, or correct its name (docs/deploy.md).",
    "stages.{1}.vars.{2} no es un ajuste del Worker. Quítalo, o corrige su nombre (docs/deploy.es.md).",
  ],
  [
    'stages.{}.vars.{} is a secret and no setting. Remove it, and let npm run secret give it to the Worker (docs/deploy.md, "Secrets").',
    "stages.{1}.vars.{2} es un secreto y no un ajuste. Quítalo, y deja que npm run secret se lo dé al Worker (docs/deploy.es.md).",
  ],
  [
    'wrangler.toml sets {}, which belongs to one stage. Remove it, and set the stage in vigia.config.json (docs/deploy.md, "Settings of the hub").',
    "wrangler.toml pone {1}, que pertenece a una sola etapa. Quítalo, y pon la etapa en vigia.config.json (docs/deploy.es.md#ajustes-del-servidor).",
  ],
  ["docs/deploy.md explains it.", "docs/deploy.es.md lo explica."],

  // The hub.
  ["The hub does not answer at {}.", "El servidor no responde en {1}."],
  ["Deploy it (npm run deploy:hub), or correct hubUrl.", "Despliégalo (npm run deploy:hub) o corrige hubUrl."],
  ["{}/healthz answers {}, so it is not the hub.", "{1}/healthz responde {2}, así que no es el servidor."],
  ["Set hubUrl to the hub's address.", "Pon en hubUrl la dirección del servidor."],
  ["The hub answers at {}.", "El servidor responde en {1}."],
  ["Cloudflare Access ({})", "Cloudflare Access ({1})"],
  ["A redirect", "Una redirección"],
  ["A redirect to {}", "Una redirección a {1}"],
  [
    "{} guards {}: /healthz asks for a login. Monitors and this check cannot read it.",
    "{1} protege {2}: /healthz pide iniciar sesión. Los monitores y esta revisión no pueden leerlo.",
  ],
  [
    "Exempt /v1/instances/*/updates and /v1/instances/*/revocations there (in Cloudflare Access: an application for these paths with a Bypass policy for everyone). " +
      "They carry signatures of their own. For monitors, exempt /healthz, /readyz and /v1/instances/*/metrics too.",
    "Exceptúa ahí /v1/instances/*/updates y /v1/instances/*/revocations (en Cloudflare Access: una aplicación para estas rutas con una política Bypass para todos). " +
      "Llevan sus propias firmas. Para los monitores exceptúa también /healthz, /readyz y /v1/instances/*/metrics.",
  ],
  [
    "{} It stops the posts from AWS, so the board stays empty.",
    "{1} Detiene los envíos de AWS, así que el tablero se queda vacío.",
  ],
  ["{} answered instead of the hub.", "{1} respondió en lugar del servidor."],
  ["The hub did not answer at {} within {} s.", "El servidor no respondió en {1} en {2} s."],
  ["The hub answered {}.", "El servidor respondió {1}."],
  ["Signing secret {} of {}", "El secreto de firma {1} de {2}"],
  ["{} is the hub's.", "{1} es el del servidor."],
  ["{} is not the hub's. The hub would refuse the posts.", "{1} no es el del servidor. El servidor rechazaría los envíos."],
  [
    "Run npm run secret -- add, which gives the hub the secret of the stack. Check this machine's clock too.",
    "Ejecuta npm run secret -- add, que da al servidor el secreto del stack. Revisa también el reloj de esta máquina.",
  ],
  [
    "The hub is ready: its settings are valid and its storage answers.",
    "El servidor está listo: sus ajustes son válidos y su almacenamiento responde.",
  ],
  ["The hub is not ready.", "El servidor no está listo."],
  ["The hub is not ready ({}).", "El servidor no está listo ({1})."],
  [
    "Correct the named setting, then run npm run deploy:hub.",
    "Corrige el ajuste que se nombra y después ejecuta npm run deploy:hub.",
  ],

  // The secrets.
  [
    "{} is from an earlier version, and no command reads it. It holds secrets.",
    "{1} es de una versión anterior y ningún comando lo lee. Contiene secretos.",
  ],
  ["Delete it.", "Bórralo."],
  ["The secrets of the Worker are not checked: {}", "Los secretos del Worker están sin revisar: {1}"],
  ["wrangler could not list the secrets of {}: {}", "wrangler no pudo listar los secretos de {1}: {2}"],
  ["wrangler secret list answered in an unknown form.", "wrangler secret list respondió en una forma desconocida."],
  ["There is no Worker {} yet.", "Todavía no existe el Worker {1}."],
  ["Run npm run deploy:hub.", "Ejecuta npm run deploy:hub."],
  ["The Worker {} has no TICKET_SECRET.", "El Worker {1} no tiene TICKET_SECRET."],
  ["Run npm run deploy:hub, which makes it.", "Ejecuta npm run deploy:hub, que lo crea."],
  ["The Worker {} has a signing secret for {}.", "El Worker {1} tiene un secreto de firma para {2}."],
  ["The Worker {} has no signing secret for {}.", "El Worker {1} no tiene un secreto de firma para {2}."],
  ["Run npm run secret -- add, after deploy:aws.", "Ejecuta npm run secret -- add, después de deploy:aws."],
  [
    "The Worker {} still has {}, which ends at 5 KB (55 instances) and which no command changes any more.",
    "El Worker {1} todavía tiene {2}, que termina en 5 KB (55 instancias) y que ya ningún comando cambia.",
  ],
  ["Run npm run secret -- migrate. It refuses no post.", "Ejecuta npm run secret -- migrate. No se rechaza ningún envío."],
  [
    "The Worker {} has a secret for {}, which is not in these settings.",
    "El Worker {1} tiene un secreto para {2}, que no está en estos ajustes.",
  ],
  [
    "Does another settings file have it? If not, run npm run secret -- remove --instance {}.",
    "¿Lo tiene otro archivo de ajustes? Si no, ejecuta npm run secret -- remove --instance {1}.",
  ],
  [
    "The Worker {} has room for {} more instances: Cloudflare takes {} settings and secrets.",
    "El Worker {1} tiene lugar para {2} instancias más: Cloudflare acepta {3} ajustes y secretos.",
  ],
  [
    "Remove instances that are gone, or give new ones a stage of their own.",
    "Quita las instancias que ya no existen, o da a las nuevas una etapa propia.",
  ],
  ["The signing secret in AWS is not checked. {}", "El secreto de firma en AWS está sin revisar. {1}"],
  ["AWS did not return {}: {}", "AWS no entregó {1}: {2}"],
  ["AWS did not show the stack {}: {}", "AWS no mostró el stack {1}: {2}"],
  ["The stack {} {}, not to {}. Correct stackName.", "El stack {1} {2}, no a {3}. Corrige stackName."],
  ["is not of this project", "no es de este proyecto"],
  ["belongs to the instance {}", "pertenece a la instancia {1}"],
  [
    "The stack {} is not deployed yet, so it has no signing secret.",
    "El stack {1} todavía no está desplegado, así que no tiene secreto de firma.",
  ],
  [
    "The stack {} has no signing secret yet, so it cannot post.",
    "El stack {1} todavía no tiene secreto de firma, así que no puede enviar nada.",
  ],
  ["Run npm run secret -- add --instance {}.", "Ejecuta npm run secret -- add --instance {1}."],
  [
    "A rotation of {} began {} days ago, and the old secret still counts.",
    "Una rotación de {1} empezó hace {2} días, y el secreto anterior todavía vale.",
  ],
  ["Run npm run secret -- finish --instance {}.", "Ejecuta npm run secret -- finish --instance {1}."],
  ["The signing secret of {} is {} days old.", "El secreto de firma de {1} tiene {2} días."],
  [
    'Rotate it (docs/maintain.md, "Rotate the signing secret").',
    'Rótalo (docs/maintain.md, "Rotate the signing secret", en inglés).',
  ],
  ["The stack has a signing secret.", "El stack tiene un secreto de firma."],
  [
    "The stack has two signing secrets, because a rotation has begun.",
    "El stack tiene dos secretos de firma, porque empezó una rotación.",
  ],
];
